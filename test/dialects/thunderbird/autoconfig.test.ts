import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { write } from '../../../src/dialects/answer.ts'
import { thunderbird } from '../../../src/dialects/thunderbird/autoconfig.ts'
import { loginName } from '../../../src/settings/names/login-name.ts'
import { type Provider, preferred, type Server } from '../../../src/settings/provider.ts'
import { type Address, toAddress } from '../../../src/settings/question/address.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import { clientConfigFaults } from '../../schemas/client-config-faults.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyCharacter } from '../../support/arbitraries/character.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { answerOf, type Request } from '../../support/dialects/answer-of.ts'
import { readBack } from '../../support/dialects/read-back.ts'
import { serveApp } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const seed = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com, other.example]
    mx: [mx1.mail.example.net, "*.mx.example.net"]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: pop3, host: pop3.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: smtp, host: smtp.example.com, security: starttls }
      - { protocol: caldav, url: https://dav.example.com/ }
`)

const ask = (request: Request, table = seed) => answerOf(thunderbird, table, request)?.body
const plain = ask({ host: 'autoconfig.example.com' }) ?? ''

/** A table like the seed, with other servers. */
const withServers = (servers: string, more = '') =>
  tableOf(`providers: [{ id: example, name: Example, domains: [example.com], ${more} servers: [${servers}] }]`)
const imap = '{ protocol: imap, host: imap.example.com }'
const smtp = '{ protocol: smtp, host: smtp.example.com }'

t.test('thunderbird: any table gives a valid document that reads back to its values, or none', async () => {
  const request = anyTable.chain(({ table, domain }) =>
    fc.record({ table: fc.constant(table), address: anyAddressAt(fc.constant(domain)) })
  )
  let written = 0
  fc.assert(
    fc.property(request, ({ table, address }) => {
      const [provider] = table.providers
      assert(provider)
      const body = ask({ query: `emailaddress=${encodeURIComponent(address.text)}` }, table)
      const expected = clientConfigOf(provider, address)
      assert.equal(body === undefined, expected === undefined)
      if (body === undefined) return
      written += 1
      assert.deepEqual(clientConfigFaults(body.replaceAll('&amp;', '+')), [])
      assert.deepEqual(readBack(body), expected)
    })
  )
  assert(written > 10, 'many tables can be written')
})

/** The document as a reader sees it, written down a second time and without templates. */
function clientConfigOf(provider: Provider, address: Address): unknown {
  const { domain } = address
  const incoming = [preferred(provider, 'imap'), preferred(provider, 'pop3')].filter(server => server !== undefined)
  const outgoing = preferred(provider, 'smtp')
  if (incoming.length === 0 || outgoing === undefined) return undefined
  const { name: displayName, shortName: displayShortName } = provider
  const isGeneral = provider.username === '%EMAILADDRESS%' || /%[\dA-F]{2}/i.test(address.localPart)
  const username = isGeneral ? provider.username : loginName({ provider }, address)
  const serverOf = ({ protocol, host, port, security, authentication }: Server) => ({
    '@type': protocol,
    hostname: host.replaceAll('%EMAILDOMAIN%', domain),
    port: String(port),
    socketType: { tls: 'SSL', starttls: 'STARTTLS', none: 'plain' }[security],
    username,
    authentication: methodOf(authentication)
  })
  const servers = { incomingServer: incoming.map(serverOf), outgoingServer: serverOf(outgoing) }
  return {
    clientConfig: {
      '@version': '1.1',
      emailProvider: { '@id': domain, domain, displayName, displayShortName, ...servers }
    }
  }
}

function methodOf(authentication: Server['authentication']): string {
  for (const method of authentication) {
    if (method === 'password') return 'password-cleartext'
    if (method === 'encrypted-password') return 'password-encrypted'
  }
  switch (authentication[0]) {
    case 'oauth2':
      return 'OAuth2'
    case 'gssapi':
      return 'GSSAPI'
    case 'ntlm':
      return 'NTLM'
    case 'client-certificate':
      return 'TLS-client-cert'
    default:
      return 'none'
  }
}

t.test(
  'thunderbird: answers without an address, with an empty one, and with one of a domain that is not served',
  async t => {
    for (const query of ['', 'emailaddress=', 'emailaddress', 'emailaddress=jane%40example.net', 'emailaddress=%ff']) {
      t.equal(ask({ host: 'autoconfig.example.com', query }), plain, query)
    }
  }
)

t.test('thunderbird: user names never contain the query', async t => {
  for (const query of [
    'emailaddress=jane%2Btag%40example.com',
    'emailaddress=jane+tag@example.com',
    'emailaddress=jane%40example%2Ecom',
    'emailaddress=JANE@EXAMPLE.COM',
    'emailaddress=%3C/username%3E%3Cusername%3Eeve%40example.com'
  ]) {
    t.equal(ask({ query }), plain, query)
  }
  t.match(plain, '<username>%EMAILADDRESS%</username>')
})

t.test(
  'thunderbird: every query about a domain gives the same bytes, so that mailboxes cannot be guessed',
  async () => {
    const text = fc.string({ unit: fc.oneof(fc.constantFrom('&', '=', '%', '+', '#', 'x='), anyCharacter) })
    fc.assert(
      fc.property(text, text, (before, local) => {
        const address = `emailaddress=${encodeURIComponent(local.toWellFormed())}%40example.com`
        return ask({ query: `${before.replace(/emailaddress/gi, '')}&${address}&${before}` }) === plain
      })
    )
  }
)

t.test('thunderbird: ignores other parameters, and the stand-in address of old Evolution', async t => {
  const query = 'x=1&emailaddress=EVOLUTIONUSER%40example.com&emailmd5=9e26471d35a78862c17e467d87cddedf'
  t.equal(ask({ query }), plain)
})

t.test('thunderbird: uses the first of several addresses', async t => {
  t.equal(ask({ query: 'emailaddress=a@example.com&emailaddress=b@other.example' }), plain)
})

t.test('thunderbird: answers a foreign domain at the mail exchanger, above and below it', async t => {
  for (const host of ['mx1.mail.example.net', 'mail.example.net', 'example.net', 'a.mx.example.net']) {
    const expected = plain.replace('</domain>', `</domain>\n    <domain>${host}</domain>`)
    t.equal(ask({ host: `autoconfig.${host}`, query: 'emailaddress=jane%40customer.example' }), expected, host)
    t.equal(ask({ host: `autoconfig.${host}` }), expected, `${host}, without an address`)
    const listed = ask({ host: `autoconfig.${host}`, query: 'emailaddress=jane%40other.example' })
    t.match(listed, `<domain>other.example</domain>\n    <domain>${host}</domain>`)
  }
  t.equal(ask({ host: 'autoconfig.example.org', query: 'emailaddress=jane%40customer.example' }), undefined)
})

t.test('thunderbird: has no DAV, JMAP, OAuth or Exchange elements', async t => {
  t.notMatch(plain, /calendar|addressbook|jmap|oAuth2|exchange|ews|caldav|https:/i)
})

t.test('thunderbird: has one imap, which is first, one pop3 and one smtp', async t => {
  t.same(plain.match(/(?<=Server type=")\w+/g), ['imap', 'pop3', 'smtp'])
  t.match(plain, '<port>465</port>')
})

t.test('thunderbird: puts imap first even if it is last in the settings', async t => {
  const table = withServers(`${smtp}, { protocol: pop3, host: pop3.example.com }, ${imap}`)
  t.same(ask({ host: 'example.com' }, table)?.match(/(?<=Server type=")\w+/g), ['imap', 'pop3', 'smtp'])
})

t.test('thunderbird: has the same user name everywhere', async t => {
  t.same(new Set(plain.match(/<username>.*<\/username>/g)), new Set(['<username>%EMAILADDRESS%</username>']))
})

t.test('thunderbird: has hostname, port, socketType, username and authentication in this order', async t => {
  const [server = ''] = plain.match(/<outgoingServer.*<\/outgoingServer>/s) ?? []
  t.same(server.match(/(?<=<)\w+(?=>)/g), ['hostname', 'port', 'socketType', 'username', 'authentication'])
})

t.test('thunderbird: has no white space inside values', async t => {
  t.notMatch(plain, /<(\w+)[^>]*>(\s[^<]+|[^<]+\s)<\/\1>/)
})

t.test('thunderbird: has no value that Thunderbird would read as a number or a truth value', async t => {
  for (const [, element, value = ''] of plain.matchAll(/<(hostname|username|domain)>([^<]*)</g)) {
    t.ok(Number.isNaN(Number(value)) && value !== '' && value !== 'true', `${element} ${value}`)
  }
})

t.test('thunderbird: has no attribute but version, id and type, so no purpose="mx" and no system', async t => {
  t.same(plain.match(/ \w+=/g), [' version=', ' encoding=', ' version=', ' id=', ...Array(3).fill(' type=')])
})

t.test('thunderbird: has no entity, CDATA or comment in a value', async t => t.notMatch(plain, /&|<!/))

t.test('thunderbird: lists no second server, because a fault in it would invalidate the document', async t => {
  const table = withServers(
    `${imap}, ${smtp}, { protocol: smtp, host: x.example, security: none, allowPlaintext: true }`
  )
  t.notMatch(ask({ host: 'example.com' }, table), /plain/)
})

t.test('thunderbird: lists only the password if OAuth2 is offered too', async t => {
  const offered = 'authentication: [oauth2, password]'
  const table = withServers(
    `{ protocol: imap, host: imap.example.com, ${offered} }, { protocol: smtp, host: smtp.example.com, ${offered} }`
  )
  t.equal(ask({ host: 'example.com' }, table), ask({ host: 'example.com' }, withServers(`${imap}, ${smtp}`)))
})

for (const [authentication, word] of [
  ['password', 'password-cleartext'],
  ['encrypted-password', 'password-encrypted'],
  ['oauth2', 'OAuth2'],
  ['gssapi', 'GSSAPI'],
  ['ntlm', 'NTLM'],
  ['client-certificate', 'TLS-client-cert'],
  ['none', 'none']
] as const) {
  t.test(`thunderbird: ${authentication} is ${word}`, async t => {
    const table = withServers(
      `${imap}, { protocol: smtp, host: smtp.example.com, authentication: [${authentication}] }`
    )
    t.match(ask({ host: 'example.com' }, table), new RegExp(`<authentication>${word}</authentication>\n *</outgoing`))
  })
}

t.test('thunderbird: id and domain are the requested domain, as A-labels', async t => {
  const table = tableOf(`
providers:
  - id: example
    name: Example
    domains: ["*.bücher.example"]
    servers: [${imap}, ${smtp}]
`)
  for (const domain of ['süd.bücher.example', 'xn--sd-xka.xn--bcher-kva.example', 'SÜD.BÜCHER.EXAMPLE.']) {
    const body = ask({ query: `emailaddress=jane%40${encodeURIComponent(domain)}` }, table)
    t.match(body, '<emailProvider id="xn--sd-xka.xn--bcher-kva.example">')
    t.match(body, '<domain>xn--sd-xka.xn--bcher-kva.example</domain>')
  }
})

t.test('thunderbird: has one provider', async t => t.equal(plain.match(/<emailProvider/g)?.length, 1))

t.test(
  'thunderbird: begins with a UTF-8 declaration, without byte order mark, document type and namespace',
  async t => {
    t.ok(plain.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1">'))
    t.notMatch(plain, /<!|xmlns/)
  }
)

t.test('thunderbird: only user names contain placeholders', async t => {
  const table = withServers(
    '{ protocol: imap, host: "%EMAILDOMAIN%" }, { protocol: smtp, host: "smtp-%EMAILDOMAIN%" }',
    'username: "%EMAILLOCALPART%.%EMAILDOMAIN%",'
  )
  const body = ask({ host: 'example.com' }, table)
  t.match(body, '<hostname>example.com</hostname>')
  t.match(body, '<hostname>smtp-example.com</hostname>')
  t.match(body, '<username>%EMAILLOCALPART%.%EMAILDOMAIN%</username>')
})

t.test('thunderbird: the names are within 60 and 20 characters, without the address', async t => {
  const name = 'A mail provider with a name that is nearly sixty characters.'
  const table = tableOf(
    `providers: [{ id: example, name: ${name}, domains: [example.com], servers: [${imap}, ${smtp}] }]`
  )
  const body = ask({ query: 'emailaddress=jane%40example.com' }, table)
  t.match(body, `<displayName>${name}</displayName>`)
  t.match(body, '<displayShortName>A mail provider with</displayShortName>')
})

t.test('thunderbird: is not served for a provider without an incoming or an outgoing server', async t => {
  t.equal(ask({ host: 'example.com' }, withServers(imap)), undefined)
  t.equal(ask({ host: 'example.com' }, withServers(smtp)), undefined)
})

t.test('thunderbird: in the path of a database of providers, only the domain in the path counts', async t => {
  for (const url of [
    '/v1.1/example.com',
    '/V1.1/EXAMPLE.com/',
    '/v1.1/example.com?emailaddress=jane@example.net',
    '/v1.1/%65xample.com'
  ]) {
    t.equal(ask({ url, query: url.split('?')[1] ?? '', host: 'other.example' }), plain, url)
  }
  for (const exchanger of ['mx1.mail.example.net', 'example.net']) {
    const expected = plain.replace('</domain>', `</domain>\n    <domain>${exchanger}</domain>`)
    t.equal(ask({ url: `/v1.1/${exchanger}.`, host: 'autoconfig.example.com' }), expected, exchanger)
  }
  for (const url of ['/v1.1/-', '/v1.1/%ff', '/v1.1/mail', '/v1.1/jane@example.com']) {
    t.equal(ask({ url, host: 'autoconfig.example.com' }), undefined, url)
  }
})

t.test('thunderbird: in the path of a database of providers, a domain may be long and in any script', async t => {
  const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(55)}.example`
  const { app } = serveApp(
    t,
    `providers: [{ id: example, name: Example, domains: [bücher.example, ${long}], servers: [${imap}, ${smtp}] }]`
  )
  for (const domain of [long, 'bücher.example', 'xn--bcher-kva.example', 'BÜCHER.EXAMPLE.']) {
    const { statusCode } = await app.inject(`/v1.1/${encodeURIComponent(domain)}`)
    t.equal(statusCode, 200, domain)
  }
})

t.test('thunderbird: below the path of the database, as Nine requests it, the address or host counts', async t => {
  for (const url of ['/v1.1/mail/config-v1.1.xml', '/V1.1/MAIL/Config-v1.1.xml/']) {
    t.equal(ask({ url, host: 'autoconfig.example.com' }), plain)
    t.equal(ask({ url, query: 'emailaddress=jane@example.com', host: 'other.example' }), plain)
  }
})

t.test('thunderbird: the reason why it is not served names the missing server', async t => {
  const reason = (servers: string) => {
    const [provider] = withServers(servers).providers
    assert(provider)
    return thunderbird.unsupportedReason?.(provider)
  }
  t.equal(reason(`${imap}, ${smtp}`), undefined)
  t.equal(reason(`{ protocol: pop3, host: pop3.example.com }, ${smtp}`), undefined)
  t.equal(reason(imap), 'it needs an smtp server')
  t.equal(reason(smtp), 'it needs an imap or pop3 server')
})

t.test('thunderbird: caches may store responses, and web pages may read them', async t => {
  t.match(answerOf(thunderbird, seed, { host: 'example.com' }), {
    status: 200,
    headers: {
      'content-type': 'text/xml; charset=utf-8',
      'cache-control': 'public, max-age=3600',
      'access-control-allow-origin': '*'
    }
  })
})

t.test('thunderbird: a looked-up login name is in the document, which must not be cached', async t => {
  const users = 'users: { type: sqlite, file: a, query: "SELECT * FROM b WHERE c = :address", unknown: "u###" }'
  const table = tableOf(`${users}
providers:
  - id: example
    name: Example
    domains: [example.com]
    autoconfig: { include: [dav, jmap] }
    servers:
      - ${imap}
      - ${smtp}
      - { protocol: caldav, url: https://dav.example.com/ }
      - { protocol: jmap, url: https://jmap.example.com/ }`)
  const general = ask({ query: 'emailaddress=jane@example.com' }, table) ?? ''
  t.match(general, '<username>%EMAILADDRESS%</username>')
  const login = 'EXAMPLE\\<jane> & "co"'
  const address = toAddress('jane@example.com')
  const question = { domain: 'example.com' }
  const account = resolve(table, { ...question, host: undefined })
  const known = account && { ...account, address, lookedUpNames: { username: login } }
  const personal = known && write(thunderbird, known, { question, table, host: undefined })
  t.equal(personal?.headers['cache-control'], 'no-store')
  const escaped = 'EXAMPLE\\&lt;jane&gt; &amp; "co"'
  t.equal(personal?.body, general.replaceAll('%EMAILADDRESS%', escaped))
})

t.test('thunderbird: an incomplete address is ignored', async t => {
  const asked = (query: string, url = '/mail/config-v1.1.xml') =>
    thunderbird.ask({ method: 'GET', url, query, body: undefined })
  t.strictSame(asked('emailaddress=Jane%2Btag%40example.com'), {
    domain: 'example.com',
    address: { localPart: 'Jane+tag', domain: 'example.com', text: 'Jane+tag@example.com' }
  })
  t.strictSame(asked('emailaddress=100%25@example.com'), {
    domain: 'example.com',
    address: { localPart: '100%', domain: 'example.com', text: '100%@example.com' }
  })
  for (const localPart of ['EVOLUTIONUSER', 'EvolutionUser']) {
    t.strictSame(asked(`emailaddress=${localPart}%40example.com`), {
      domain: 'example.com',
      address: { localPart, domain: 'example.com', text: `${localPart}@example.com`, isStandIn: true }
    })
  }
  for (const [query, domain] of [
    ['emailaddress=jane%252Btag@example.com', 'example.com'],
    ['emailaddress=%25C3%25BC@example.com', 'example.com'],
    ['emailaddress=%40example.com', 'example.com'],
    ['emailaddress=a%20b%40example.com', 'example.com'],
    ['emailaddress=jane', undefined],
    ['', undefined]
  ] as const) {
    t.strictSame(asked(query), { domain }, query)
  }
  t.strictSame(asked('emailaddress=jane@example.com', '/v1.1/example.com?emailaddress=jane@example.com'), {
    domain: 'example.com',
    strict: true
  })
})
