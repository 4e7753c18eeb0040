import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { writerOf } from '../../../src/dialects/dialect.ts'
import { outlook } from '../../../src/dialects/outlook/autodiscover.ts'
import { fillUrl, personTexts } from '../../../src/settings/fill-provider.ts'
import { loginName } from '../../../src/settings/names/login-name.ts'
import type { ProtocolColumn } from '../../../src/settings/names/name-columns.ts'
import { type Provider, preferred, type Server, serviceOf, toProvider } from '../../../src/settings/provider.ts'
import type { Address } from '../../../src/settings/question/address.ts'
import { autodiscoverFaults } from '../../schemas/autodiscover-faults.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { answerOf } from '../../support/dialects/answer-of.ts'
import { readBack } from '../../support/dialects/read-back.ts'
import { exampleProvider, imap as imapServer, smtp as smtpServer } from '../../support/settings/example.ts'
import { tableOf } from '../../support/table-of.ts'

const seed = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop3.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: smtp, host: smtp.example.com, security: starttls }
      - { protocol: activesync, url: https://eas.example.com/ }
`)

const schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a'

/** @param inner of the Request element */
const post = (inner: string, table = seed) =>
  answerOf(outlook, table, {
    method: 'POST',
    body: Buffer.from(
      `<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>${inner}</Request></Autodiscover>`
    )
  })?.body

const ask = (address: string, table = seed, acceptable = schema) =>
  post(
    `<EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${acceptable}</AcceptableResponseSchema>`,
    table
  )

const answer = ask('jane@example.com') ?? ''

/** A table like the seed, with other servers. */
const withServers = (servers: string, more = '') =>
  tableOf(`providers: [{ id: example, name: Example, domains: [example.com], ${more} servers: [${servers}] }]`)
const imap = '{ protocol: imap, host: imap.example.com }'

const errorCode = (body: string | undefined) => /<ErrorCode>(\d+)<\/ErrorCode>/.exec(body ?? '')?.[1]

t.test('outlook: any table gives a valid document that reads back to its values, or none', async () => {
  const request = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)), withAddress: fc.boolean() })
  )
  let written = 0
  fc.assert(
    fc.property(request, ({ table, address, withAddress }) => {
      const [provider] = table.providers
      assert(provider)
      const typed = address.text.replaceAll('&', '&amp;')
      const host = `autodiscover.${address.domain}`
      const body = withAddress ? ask(typed, table) : answerOf(outlook, table, { host })?.body
      const expected = autodiscoverOf(provider, address.domain, withAddress ? address : undefined)
      // A provider that has only ActiveSync answers that it has nothing in this schema.
      const none = body?.includes('<Account>') !== true
      assert.equal(none, expected === undefined)
      if (body === undefined || none) return
      written += 1
      assert.deepEqual(autodiscoverFaults(body), [])
      assert.deepEqual(readBack(body), expected)
    })
  )
  assert(written > 10, 'many tables can be written')
})

/** The document as a reader sees it, written down a second time and without templates. */
function autodiscoverOf(provider: Provider, domain: string, address: Address | undefined): unknown {
  const login = address && { LoginName: loginName({ provider }, address) }
  const Protocol = [preferred(provider, 'imap'), preferred(provider, 'pop3'), preferred(provider, 'smtp')]
    .filter(server => server !== undefined)
    .filter(({ authentication }) => authentication.some(canLogIn) || authentication.includes('ntlm'))
    .map((server, _, all) => protocolOf(server, domain, { login, all }))
  if (Protocol.length === 0) return undefined
  const calendars = [serviceOf(provider, 'caldav'), serviceOf(provider, 'carddav')]
    .filter(service => service !== undefined)
    .filter(({ authentication }) => authentication.some(method => /password$/.test(method)))
    .map(({ protocol, url }) => ({
      Type: protocol === 'caldav' ? 'CalDAV' : 'CardDAV',
      Server: fillUrl(url, { domain, ...(address && personTexts(address, { usernameCase: 'as-typed' })) }),
      ...login,
      DomainRequired: 'off'
    }))
  return {
    Autodiscover: {
      '@xmlns': 'http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006',
      Response: {
        '@xmlns': schema,
        ...(address && { User: { DisplayName: address.text } }),
        Account: {
          AccountType: 'email',
          Action: 'settings',
          ...(provider.website !== undefined && { ServiceHome: provider.website }),
          Protocol: [...Protocol, ...calendars]
        }
      }
    }
  }
}

function protocolOf(
  { protocol, host, port, security, authentication }: Server,
  domain: string,
  { login, all }: { login: object | undefined; all: readonly Server[] }
) {
  const isShared = all.length > 1 && all.every(server => hasPassword(server) && shareMethod(server, authentication))
  return {
    Type: protocol.toUpperCase(),
    TTL: '24',
    Server: host.replaceAll('%EMAILDOMAIN%', domain),
    Port: String(port),
    ...login,
    DomainRequired: 'off',
    SPA: authentication.some(canLogIn) ? 'off' : 'on',
    ...{
      tls: { SSL: 'on', Encryption: 'SSL' },
      starttls: { SSL: 'on', Encryption: 'TLS' },
      none: { SSL: 'off', Encryption: 'None' }
    }[security],
    AuthRequired: authentication.find(canLogIn) === 'none' ? 'off' : 'on',
    ...(protocol === 'smtp' && { UsePOPAuth: isShared ? 'on' : 'off', SMTPLast: 'off' })
  }
}

/** Whether the document says that this server needs a password. */
function hasPassword({ authentication }: Server): boolean {
  return authentication.find(canLogIn) !== 'none'
}

function shareMethod(server: Server, methods: readonly string[]): boolean {
  const passwords = ['password', 'encrypted-password', 'ntlm']
  return server.authentication.some(method => passwords.includes(method) && methods.includes(method))
}

function canLogIn(method: string): boolean {
  return method === 'password' || method === 'encrypted-password' || method === 'none'
}

t.test(
  "outlook: accepts the client's schema in any letter case, with white space around it, and with https",
  async t => {
    for (const acceptable of [schema.toUpperCase(), `\n  ${schema}\n  `, schema.replace('http:', 'https:')]) {
      t.equal(ask('jane@example.com', seed, acceptable), answer)
    }
  }
)

t.test("outlook: never echoes the client's schema", async t => {
  const trick = `${schema}&quot;&gt;&lt;Evil/&gt;`
  t.equal(errorCode(ask('jane@example.com', seed, trick)), '601')
  t.notMatch(ask('jane@example.com', seed, trick), 'Evil')
  t.match(ask('jane@example.com', seed, schema.toUpperCase()), `<Response xmlns="${schema}">`)
})

t.test('outlook: the Response has schema 2006a, and the root has 2006', async t => {
  t.match(answer, '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006">')
  t.match(answer, `<Response xmlns="${schema}">`)
})

t.test('outlook: GET returns the settings of the requested host, and never an error with status 200', async t => {
  const got = answerOf(outlook, seed, { host: 'autodiscover.example.com' })
  t.match(got, { status: 200, body: /<Type>IMAP<\/Type>.*<Port>993<\/Port>.*<Type>SMTP<\/Type>.*<Port>465<\/Port>/s })
  t.notMatch(got?.body, /<User>|LoginName/)
  t.equal(answerOf(outlook, seed, { host: 'autodiscover.example.net' }), undefined)
})

t.test('outlook: the schema may come first', async t => {
  const address = '<EMailAddress>jane@example.com</EMailAddress>'
  t.equal(post(`<AcceptableResponseSchema>${schema}</AcceptableResponseSchema>${address}`), answer)
})

t.test('outlook: an address element in another letter case is not recognised: 600', async t => {
  t.equal(
    errorCode(
      post(
        `<EmailAddress>jane@example.com</EmailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema>`
      )
    ),
    '600'
  )
})

t.test('outlook: a LegacyDN takes precedence over the address, and is unknown here: 500', async t => {
  t.equal(
    errorCode(
      post(
        `<LegacyDN>/o=x</LegacyDN><EMailAddress>jane@example.com</EMailAddress><AcceptableResponseSchema>${schema}</AcceptableResponseSchema>`
      )
    ),
    '500'
  )
})

t.test('outlook: a request without schema: 601', async t =>
  t.equal(errorCode(post('<EMailAddress>jane@example.com</EMailAddress>')), '601')
)

t.test('outlook: a missing body, or one that is not a request: 600', async t => {
  for (const body of [undefined, Buffer.alloc(0), Buffer.from('<ham/>'), Buffer.from('{}')]) {
    const refused = answerOf(outlook, seed, { method: 'POST', ...(body && { body }) })
    t.equal(refused?.status, 200)
    t.equal(errorCode(refused?.body), '600')
  }
})

t.test('outlook: the domain is the same in any script and letter case', async t => {
  const table = tableOf(`providers: [{ id: example, name: Example, domains: [bücher.example], servers: [${imap}] }]`)
  const body = ask('jane+tag@xn--bcher-kva.example', table)
  t.match(body, '<LoginName>jane+tag@xn--bcher-kva.example</LoginName>')
  t.equal(ask('jane+tag@bücher.example', table), body)
  t.equal(ask('jane+tag@BÜCHER.EXAMPLE', table), body)
})

t.test('outlook: is XML of type text/xml in UTF-8, in default namespaces without prefixes', async t => {
  t.match(answerOf(outlook, seed, { host: 'example.com' })?.headers, { 'content-type': 'text/xml; charset=utf-8' })
  t.ok(answer.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<Autodiscover xmlns='))
  t.notMatch(answer, /<\/?\w+:/)
})

t.test('outlook: has one Response and one Account, with type and action before the first Protocol', async t => {
  t.equal(answer.match(/<Response /g)?.length, 1)
  t.equal(answer.match(/<Account>/g)?.length, 1)
  t.match(answer, /<Account>\s*<AccountType>email<\/AccountType>\s*<Action>settings<\/Action>\s*<Protocol>/)
})

t.test('outlook: has each type once, IMAP and POP3 before SMTP, in capitals', async t => {
  t.same(answer.match(/(?<=<Type>)\w+/g), ['IMAP', 'POP3', 'SMTP'])
})

t.test('outlook: every Protocol has Server and Port', async t => {
  t.equal(answer.match(/<Server>[a-z0-9.]+<\/Server>\s*<Port>\d+<\/Port>/g)?.length, 3)
})

t.test('outlook: states that SPA and DomainRequired are off and AuthRequired is on', async t => {
  t.equal(answer.match(/<SPA>off<\/SPA>/g)?.length, 3)
  t.equal(answer.match(/<DomainRequired>off<\/DomainRequired>/g)?.length, 3)
  t.equal(answer.match(/<AuthRequired>on<\/AuthRequired>/g)?.length, 3)
})

for (const [security, port, ssl, encryption] of [
  ['tls', 993, 'on', 'SSL'],
  ['starttls', 143, 'on', 'TLS'],
  ['none', 143, 'off', 'None']
] as const) {
  t.test(`outlook: ${security} on port ${port} is SSL ${ssl} and Encryption ${encryption}`, async t => {
    const table = withServers(
      `{ protocol: imap, host: imap.example.com, security: ${security}, allowPlaintext: ${security === 'none'} }`
    )
    t.match(
      ask('jane@example.com', table),
      new RegExp(`<Port>${port}</Port>.*<SSL>${ssl}</SSL>\\s*<Encryption>${encryption}</Encryption>`, 's')
    )
  })
}

t.test('outlook: AuthRequired is off if "none" is the only method that POX can express', async t => {
  for (const [offered, required] of [
    ['none', 'off'],
    ['oauth2, none', 'off'],
    ['none, password', 'off'],
    ['password, none', 'on']
  ] as const) {
    const table = withServers(`{ protocol: smtp, host: smtp.example.com, authentication: [${offered}] }`)
    t.match(ask('jane@example.com', table), `<AuthRequired>${required}</AuthRequired>`, offered)
  }
})

t.test('outlook: UsePOPAuth and SMTPLast are only in SMTP', async t => {
  const [before = '', smtp = ''] = answer.split('<Type>SMTP</Type>')
  t.notMatch(before, /UsePOPAuth|SMTPLast/)
  t.match(smtp, /<UsePOPAuth>on<\/UsePOPAuth>\s*<SMTPLast>off<\/SMTPLast>/)
})

const [imapOf, pop3Of, smtpOf] = (['imap', 'pop3', 'smtp'] as const).map(
  protocol =>
    (more = '') =>
      `{ protocol: ${protocol}, host: ${protocol}.example.com${more === '' ? '' : `, ${more}`} }`
) as [(more?: string) => string, (more?: string) => string, (more?: string) => string]

for (const [what, expected, servers] of [
  ['the same login', 'on', [imapOf(), smtpOf()]],
  ['the same login as POP3', 'on', [pop3Of(), smtpOf()]],
  ['only one of two methods in common', 'on', [imapOf('authentication: [oauth2, password]'), smtpOf()]],
  ['NTLM on both sides', 'on', [imapOf('authentication: [ntlm]'), smtpOf('authentication: [ntlm]')]],
  ["the provider's rule, written a second time", 'on', [imapOf('username: "%EMAILADDRESS%"'), smtpOf()]],
  [
    'the same rule on both servers',
    'on',
    [imapOf('username: "%EMAILLOCALPART%"'), smtpOf('username: "%EMAILLOCALPART%"')]
  ],
  ['another login name', 'off', [imapOf('username: "%EMAILLOCALPART%"'), smtpOf()]],
  ['another login name for POP3 alone', 'off', [imapOf(), pop3Of('username: "%EMAILLOCALPART%"'), smtpOf()]],
  ['no login name on either side', 'off', [imapOf('username: none'), smtpOf('username: none')]],
  ['no common method', 'off', [imapOf(), smtpOf('authentication: [encrypted-password]')]],
  ['SMTP without login', 'off', [imapOf(), smtpOf('authentication: [none, password]')]],
  ['IMAP without login', 'off', [imapOf('authentication: [none, password]'), smtpOf()]],
  ['IMAP for Kerberos alone', 'off', [imapOf('authentication: [gssapi]'), smtpOf()]],
  ['SMTP alone', 'off', [smtpOf()]]
] as const) {
  t.test(`outlook: UsePOPAuth is ${expected} for SMTP with ${what}`, async t => {
    const table = withServers(servers.join(', '))
    t.match(ask('jane@example.com', table), `<UsePOPAuth>${expected}</UsePOPAuth>`)
    const got = answerOf(outlook, table, { host: 'autodiscover.example.com' })
    t.match(got?.body, `<UsePOPAuth>${expected}</UsePOPAuth>`, 'also without an address')
  })
}

t.test(
  'outlook: UsePOPAuth is off where `users` has another name for SMTP, or replaces that of one server',
  async t => {
    const document = (server: object, lookedUpColumns: readonly ProtocolColumn[]) => {
      const servers = [{ ...imapServer, ...server }, smtpServer]
      const provider = toProvider(exampleProvider({ servers }), { looksUpUsers: true, lookedUpColumns })
      return writerOf(
        outlook,
        provider
      )?.({ provider, domain: 'example.com', address: undefined, personName: undefined })?.body
    }
    t.match(document({}, []), '<UsePOPAuth>on</UsePOPAuth>')
    t.match(document({}, ['smtp_username']), '<UsePOPAuth>off</UsePOPAuth>')
    t.match(document({ username: '%EMAILADDRESS%' }, []), '<UsePOPAuth>off</UsePOPAuth>')
  }
)

t.test('outlook: LoginName follows the rule for user names', async t => {
  const table = (username: string) => withServers(imap, `username: "${username}",`)
  t.match(ask('Jane@example.com', table('%EMAILADDRESS%')), '<LoginName>Jane@example.com</LoginName>')
  t.match(ask('jane@example.com', table('%EMAILLOCALPART%')), '<LoginName>jane</LoginName>')
  t.match(ask('jane@example.com', table('%EMAILDOMAIN%+%EMAILLOCALPART%')), '<LoginName>example.com+jane</LoginName>')
})

t.test('outlook: has no white space inside values', async t =>
  t.notMatch(answer, /<(\w+)[^>]*>(\s[^<]+|[^<]+\s)<\/\1>/)
)

t.test('outlook: lists the servers that it can express, and is not served without any', async t => {
  t.same(ask('jane@example.com', withServers(imap))?.match(/(?<=<Type>)\w+/g), ['IMAP'])
  const oauth = '{ protocol: imap, host: imap.example.com, authentication: [oauth2] }'
  t.equal(ask('jane@example.com', withServers(oauth)), undefined)
  const sieve = '{ protocol: managesieve, host: sieve.example.com }'
  t.equal(ask('jane@example.com', withServers(sieve)), undefined)
})

t.test('outlook: Secure Password Authentication is only on for servers that accept only NTLM', async t => {
  const spa = (methods: string) =>
    /<SPA>(\w+)<\/SPA>/.exec(
      ask('jane@example.com', withServers(`{ protocol: imap, host: i.example, authentication: [${methods}] }`)) ?? ''
    )?.[1]
  t.equal(spa('ntlm'), 'on')
  t.equal(spa('gssapi, ntlm'), 'on')
  t.equal(spa('ntlm, password'), 'off')
  t.equal(spa('gssapi'), undefined)
})

t.test('outlook: calendars and contacts come after the mail servers, if they accept passwords', async t => {
  const dav = (methods: string) =>
    `{ protocol: caldav, url: "https://dav.%EMAILDOMAIN%/", authentication: [${methods}] }`
  const types = (servers: string) => ask('jane@example.com', withServers(servers))?.match(/(?<=<Type>)\w+/g)
  t.same(types(`${dav('oauth2, password')}, ${imap}`), ['IMAP', 'CalDAV'])
  t.same(types(`${dav('encrypted-password')}, ${imap}`), ['IMAP', 'CalDAV'])
  t.same(types(`${dav('oauth2')}, ${imap}`), ['IMAP'])
  t.equal(types(dav('password')), undefined, 'Outlook needs mail')
})

t.test('outlook: the reason why it is not served names the missing server', async t => {
  const reason = (servers: string) =>
    withServers(servers).providers.map(provider => outlook.unsupportedReason?.(provider))
  t.same(reason(imap), [undefined])
  t.same(reason('{ protocol: managesieve, host: sieve.example.com }'), [
    'it needs an imap, pop3 or smtp server with password or NTLM authentication'
  ])
})

t.test('outlook: an error has Time, an unsigned 32-bit Id and empty DebugData, with status 200', async t => {
  const refused = answerOf(outlook, seed, { method: 'POST' })
  t.equal(refused?.status, 200)
  t.match(refused?.body, /<Error Time="\d\d:\d\d:\d\d\.\d{7}" Id="\d{1,9}">.*<DebugData\/>/s)
  t.same(autodiscoverFaults(refused?.body ?? ''), [])
})

t.test('outlook: unknown schemas: 601, and never IMAP in their place', async t => {
  for (const acceptable of [
    'http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006',
    'urn:x'
  ]) {
    t.equal(errorCode(ask('jane@example.com', seed, acceptable)), '601', acceptable)
  }
})

t.test('outlook: an unknown domain gets no answer, and an invalid address ErrorCode 500', async t => {
  t.equal(ask('jane@example.net'), undefined)
  for (const address of ['jane', '@example.com', 'jane@', 'jane doe@example.com', 'jane@-example.com']) {
    t.equal(errorCode(ask(address)), '500', address)
  }
})

t.test('outlook: a document type is refused before it is read: 600', async t => {
  const body = Buffer.from(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Autodiscover>&e;</Autodiscover>`)
  t.equal(errorCode(answerOf(outlook, seed, { method: 'POST', body })?.body), '600')
})

t.test('outlook: an address with markup stays one LoginName', async t => {
  const body = ask("o'neill&amp;sons@example.com") ?? ''
  t.same(
    body.match(/<LoginName>.*<\/LoginName>/g),
    Array(3).fill('<LoginName>o&apos;neill&amp;sons@example.com</LoginName>')
  )
  t.equal(errorCode(ask('a&lt;/LoginName&gt;&lt;Server&gt;evil@example.com')), '500')
})

t.test('outlook: characters that neither XML nor an address may hold are refused', async t => {
  for (const character of ['&#0;', '&#1;', '\0', '\u0001', '&#xfffe;', '&#xd800;']) {
    t.equal(errorCode(ask(`jane${character}doe@example.com`)), '600', JSON.stringify(character))
  }
  for (const character of ['&#9;', '&#127;', ' ', '&#xa0;', '&#x200b;', '&quot;', '&lt;']) {
    t.equal(errorCode(ask(`jane${character}doe@example.com`)), '500', JSON.stringify(character))
  }
})

t.test('outlook: responses for two mailboxes differ only in the address', async t => {
  t.equal(ask('unknown@example.com')?.replaceAll('unknown', 'jane'), answer)
  t.match(answer, '<DisplayName>jane@example.com</DisplayName>')
})

t.test('outlook: the response must not be cached', async t => {
  t.match(answerOf(outlook, seed, { host: 'example.com' })?.headers, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  })
})

t.test('outlook: MS-OXDISCO 3.1.5 plain http is redirected to the lower-case path on https', async t => {
  t.equal(outlook.httpsPath?.({ domain: 'example.com' }), '/autodiscover/autodiscover.xml')
})
