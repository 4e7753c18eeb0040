import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type PlistValue, parse } from 'plist'
import t from 'tap'
import { apple } from '../../../src/dialects/apple/profile.ts'
import { loginName } from '../../../src/settings/names/login-name.ts'
import { type Provider, preferred, type Server, serviceOf } from '../../../src/settings/provider.ts'
import type { Address } from '../../../src/settings/question/address.ts'
import { profileFaults } from '../../schemas/profile-faults.ts'
import { anyAddressAt } from '../../support/arbitraries/address.ts'
import { anyTable } from '../../support/arbitraries/table.ts'
import { anyPersonName } from '../../support/arbitraries/text.ts'
import { answerOf } from '../../support/dialects/answer-of.ts'
import { hasNone } from '../../support/has-none.ts'
import { tableOf } from '../../support/table-of.ts'

const settings = `
providers:
  - id: example
    name: Example
    domains: [example.com, other.example]
    servers:
      - { protocol: pop3, host: pop3.example.com }
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: smtp, host: smtp.example.com, security: starttls }
`
const seed = tableOf(settings)

const ask = (address: string, table = seed, more = '') =>
  answerOf(apple, table, { query: `email=${encodeURIComponent(address)}${more}` })

const profile = ask('jane@example.com')?.body ?? ''

/** A table like the seed, with other servers. */
const withServers = (servers: string, more = '') =>
  tableOf(`providers: [{ id: example, name: Example, domains: [example.com], ${more} servers: [${servers}] }]`)
const imap = '{ protocol: imap, host: imap.example.com }'
const smtp = '{ protocol: smtp, host: smtp.example.com }'

/** The profile for a table with two servers and nothing else. */
const profileOfTwo = ask('jane@example.com', withServers(`${imap}, ${smtp}`))?.body

const identifiers = (body = '') => body.match(/(?<=<key>Payload(?:Identifier|UUID)<\/key>\s*<string>)[^<]+/g)
const readBack = (body = '') => parse(body) as { [key: string]: PlistValue; PayloadContent: PlistValue[] }
const payloadOf = (body: string | undefined) => readBack(body).PayloadContent[0]

const methods = new Map([
  ['password', 'EmailAuthPassword'],
  ['encrypted-password', 'EmailAuthCRAMMD5'],
  ['ntlm', 'EmailAuthNTLM'],
  ['none', 'EmailAuthNone']
])

t.test('apple: any table gives a valid profile that reads back to its values, or none', async () => {
  const request = anyTable.chain(({ table, domain }) =>
    fc.record({
      table: fc.constant(table),
      address: anyAddressAt(fc.constant(domain)),
      personName: fc.option(anyPersonName(50), { nil: undefined })
    })
  )
  let written = 0
  fc.assert(
    fc.property(request, ({ table, address, personName }) => {
      const [provider] = table.providers
      assert(provider)
      const name = personName === undefined ? '' : `&name=${encodeURIComponent(personName)}`
      const body = ask(address.text, table, name)?.body
      const expected = profileOf(provider, address, personName)
      assert.equal(body === undefined, expected === undefined)
      if (body === undefined) return
      written += 1
      assert.deepEqual(profileFaults(body), [])
      assert.deepEqual(withoutIdentity(readBack(body)), expected)
    })
  )
  assert(written > 10, 'many tables can be written')
})

/** The profile as a reader sees it, written down a second time and without templates; identifiers and UUIDs aside. */
function profileOf(provider: Provider, address: Address, personName: string | undefined): object | undefined {
  const mail = mailAccount(provider, address, personName)
  const caldav = davAccount(provider, address, 'caldav')
  const carddav = davAccount(provider, address, 'carddav')
  const activesync = exchangeAccount(provider, address, { mail, caldav, carddav })
  if (mail === undefined && activesync === undefined) return undefined
  const note = provider.password.note?.en ?? Object.values(provider.password.note ?? {})[0]
  return {
    PayloadContent: [mail, caldav, carddav, activesync]
      .filter(keys => keys !== undefined)
      .map(keys => ({ ...keys, PayloadDisplayName: address.text, PayloadVersion: 1 })),
    ...(note !== undefined && { PayloadDescription: note }),
    PayloadDisplayName: `${provider.name} (${address.text})`,
    PayloadOrganization: provider.name,
    PayloadType: 'Configuration',
    PayloadVersion: 1
  }
}

function mailAccount(provider: Provider, address: Address, personName: string | undefined): object | undefined {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (!incoming?.authentication.some(isKnown) || !outgoing?.authentication.some(isKnown)) return undefined
  return {
    EmailAccountDescription: address.text,
    ...(personName !== undefined && { EmailAccountName: personName }),
    EmailAccountType: incoming.protocol === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
    EmailAddress: address.text,
    ...direction('Incoming', incoming, address, provider),
    ...(incoming.pathPrefix !== undefined && { IncomingMailServerIMAPPathPrefix: incoming.pathPrefix }),
    ...direction('Outgoing', outgoing, address, provider),
    ...(logsIn(incoming) && logsIn(outgoing) && { OutgoingPasswordSameAsIncomingPassword: true }),
    ...unlocked(provider),
    ...(provider.smime === 'user' && { SMIMEEncryptByDefaultUserOverrideable: true }),
    PayloadType: 'com.apple.mail.managed'
  }
}

function davAccount(provider: Provider, address: Address, protocol: 'caldav' | 'carddav'): object | undefined {
  const service = serviceOf(provider, protocol)
  if (!service?.authentication.some(method => method === 'password' || method === 'encrypted-password'))
    return undefined
  const url = new URL(service.url.replaceAll('%EMAILDOMAIN%', address.domain))
  const prefix = protocol === 'caldav' ? 'CalDAV' : 'CardDAV'
  const local = encodeURIComponent(address.localPart)
  const principal = url.pathname.replace('%EMAILLOCALPART%', () => local)
  return {
    [`${prefix}AccountDescription`]: address.text,
    [`${prefix}HostName`]: url.hostname,
    [`${prefix}Port`]: Number(url.port || '443'),
    ...(principal !== url.pathname && { [`${prefix}PrincipalURL`]: principal }),
    [`${prefix}UseSSL`]: true,
    [`${prefix}Username`]: loginName({ provider }, address),
    PayloadType: `com.apple.${protocol}.account`
  }
}

interface OtherAccounts {
  readonly mail: object | undefined
  readonly caldav: object | undefined
  readonly carddav: object | undefined
}

function exchangeAccount(provider: Provider, address: Address, { mail, caldav, carddav }: OtherAccounts) {
  const service = serviceOf(provider, 'activesync')
  const takesPassword = service?.authentication.includes('password')
  if (!service || !(takesPassword || service.authentication.includes('oauth2'))) return undefined
  if (mail && caldav && carddav) return undefined
  const url = new URL(service.url.replaceAll('%EMAILDOMAIN%', address.domain))
  if (url.port !== '') return undefined
  return {
    EmailAddress: address.text,
    ...(caldav && { EnableCalendars: false, EnableReminders: false }),
    ...(carddav && { EnableContacts: false }),
    ...(mail && { EnableMail: false }),
    ...unlocked(provider),
    Host: url.hostname,
    ...(!takesPassword && { OAuth: true }),
    SSL: true,
    UserName: loginName({ provider }, address),
    PayloadType: 'com.apple.eas.account'
  }
}

/** The switches of S/MIME that mail accounts and Exchange accounts share. */
function unlocked({ smime }: Provider): object {
  if (smime === 'locked') return {}
  return {
    SMIMESigningUserOverrideable: true,
    SMIMESigningCertificateUUIDUserOverrideable: true,
    SMIMEEncryptionCertificateUUIDUserOverrideable: true,
    SMIMEEnableEncryptionPerMessageSwitch: true
  }
}

function direction(name: 'Incoming' | 'Outgoing', server: Server, address: Address, provider: Provider) {
  const { host, port, security, authentication } = server
  return {
    [`${name}MailServerAuthentication`]: methods.get(authentication.find(isKnown) ?? ''),
    [`${name}MailServerHostName`]: host.replaceAll('%EMAILDOMAIN%', address.domain),
    [`${name}MailServerPortNumber`]: port,
    [`${name}MailServerUseSSL`]: security === 'tls' || security === 'starttls',
    ...(logsIn(server) && { [`${name}MailServerUsername`]: loginName({ provider }, address) })
  }
}

function isKnown(method: string): boolean {
  return methods.has(method)
}

function logsIn({ authentication }: Server): boolean {
  return authentication.find(isKnown) !== 'none'
}

function withoutIdentity(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, item) => (key === 'PayloadIdentifier' || key === 'PayloadUUID' ? undefined : item))
  )
}

t.test('apple: has the declaration and the document type of property lists, and is valid', async t => {
  t.ok(
    profile.startsWith(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>`)
  )
  t.same(profileFaults(profile), [])
})

t.test('apple: the profile and its payload have type, version 1, identifier and UUID', async t => {
  t.match(readBack(profile), { PayloadType: 'Configuration', PayloadVersion: 1 })
  t.match(payloadOf(profile), { PayloadType: 'com.apple.mail.managed', PayloadVersion: 1 })
  t.notMatch(profile, '<real>')
})

t.test('apple: identifiers are unique, plain and nested; UUIDs are unique and in canonical form', async t => {
  const [payloadId = '', payloadUuid = '', profileId = '', profileUuid = ''] = identifiers(profile) ?? []
  t.equal(payloadId, `${profileId}.mail`)
  t.match(profileId, /^com\.example\.[0-9a-f-]{36}$/)
  for (const uuid of [payloadUuid, profileUuid]) {
    t.match(uuid, /^[0-9A-F]{8}-[0-9A-F]{4}-5[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/)
  }
  t.not(payloadUuid, profileUuid)
})

t.test('apple: the same request gives the same bytes', async t => {
  t.equal(ask('jane@example.com', tableOf(settings))?.body, profile)
})

t.test('apple: two addresses at one domain get different identifiers', async t => {
  const both = [...(identifiers(profile) ?? []), ...(identifiers(ask('john@example.com')?.body) ?? [])]
  t.equal(new Set(both).size, 8)
})

t.test('apple: different addresses get different identifiers, with any characters', async t => {
  const addresses = ['a.b', 'a-b', 'a_b', 'a+b', "a'b", 'a/b', 'ab', 'á', '%41'].map(local => `${local}@example.com`)
  const all = [...addresses, 'ab@other.example', 'a@b.example.com'].flatMap(
    address => identifiers(ask(address)?.body) ?? []
  )
  t.equal(new Set(all).size, all.length)
})

t.test(
  'apple: identifiers and UUIDs do not depend on the servers, so that a new profile replaces the old one',
  async t => {
    const moved = withServers('{ protocol: pop3, host: p.example, port: 4444 }, { protocol: smtp, host: s.example }')
    t.same(identifiers(ask('jane@example.com', moved)?.body), identifiers(profile))
    t.same(identifiers(ask('jane@example.com', seed, '&name=Jane')?.body), identifiers(profile))
  }
)

t.test(
  'apple: addresses that differ only in letter case are the same account, and the profile keeps their case',
  async t => {
    const body = ask('Jane@EXAMPLE.com')?.body
    t.same(identifiers(body), identifiers(profile))
    t.match(payloadOf(body), { EmailAddress: 'Jane@example.com', IncomingMailServerUsername: 'Jane@example.com' })
  }
)

t.test('apple: the domain is the same in any script and letter case', async t => {
  const table = tableOf(
    `providers: [{ id: example, name: Example, domains: [bücher.example], servers: [${imap}, ${smtp}] }]`
  )
  const body = ask('jane@xn--bcher-kva.example', table)?.body
  t.match(payloadOf(body), { EmailAddress: 'jane@xn--bcher-kva.example' })
  t.equal(ask('jane@bücher.example', table)?.body, body)
})

t.test('apple: states host, port, encryption and login of both directions', async t => {
  t.match(payloadOf(profile), {
    EmailAccountType: 'EmailTypeIMAP',
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    IncomingMailServerHostName: 'imap.example.com',
    IncomingMailServerPortNumber: 993,
    IncomingMailServerUseSSL: true,
    OutgoingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingMailServerHostName: 'smtp.example.com',
    OutgoingMailServerPortNumber: 465,
    OutgoingMailServerUseSSL: true
  })
})

for (const [security, port, useSsl] of [
  ['tls', 993, true],
  ['starttls', 143, true],
  ['none', 143, false]
] as const) {
  t.test(`apple: ${security} on port ${port} is UseSSL ${useSsl}`, async t => {
    const table = withServers(
      `{ protocol: imap, host: imap.example.com, security: ${security}, allowPlaintext: ${security === 'none'} }, ${smtp}`
    )
    t.match(payloadOf(ask('jane@example.com', table)?.body), {
      IncomingMailServerPortNumber: port,
      IncomingMailServerUseSSL: useSsl
    })
  })
}

t.test('apple: prefers IMAP to POP3, and omits incomplete accounts', async t => {
  const pop3 = '{ protocol: pop3, host: pop3.example.com }'
  t.match(payloadOf(ask('jane@example.com', withServers(`${pop3}, ${smtp}`))?.body), {
    EmailAccountType: 'EmailTypePOP',
    IncomingMailServerPortNumber: 995
  })
  t.equal(ask('jane@example.com', withServers(smtp)), undefined)
  t.equal(ask('jane@example.com', withServers(imap)), undefined)
})

for (const [offered, method] of [
  ['password', 'EmailAuthPassword'],
  ['encrypted-password', 'EmailAuthCRAMMD5'],
  ['ntlm', 'EmailAuthNTLM'],
  ['none', 'EmailAuthNone'],
  ['oauth2, password', 'EmailAuthPassword'],
  ['ntlm, password', 'EmailAuthNTLM'],
  ['password, ntlm', 'EmailAuthPassword'],
  ['gssapi, encrypted-password, password', 'EmailAuthCRAMMD5'],
  ['oauth2', undefined],
  ['gssapi, client-certificate', undefined]
] as const) {
  t.test(`apple: the method for ${offered} is ${method ?? 'missing'}`, async t => {
    const incoming = withServers(`{ protocol: imap, host: imap.example.com, authentication: [${offered}] }, ${smtp}`)
    const outgoing = withServers(`${imap}, { protocol: smtp, host: smtp.example.com, authentication: [${offered}] }`)
    const bodies = [incoming, outgoing].map(table => ask('jane@example.com', table)?.body)
    if (method === undefined) t.same(bodies, [undefined, undefined])
    else {
      t.match(payloadOf(bodies[0]), { IncomingMailServerAuthentication: method })
      t.match(payloadOf(bodies[1]), { OutgoingMailServerAuthentication: method })
    }
  })
}

t.test('apple: user names and hosts contain no placeholders', async t => {
  const table = withServers(
    `{ protocol: imap, host: "%EMAILDOMAIN%" }, { protocol: smtp, host: "mx.%EMAILDOMAIN%" }`,
    'username: "%EMAILLOCALPART%.%EMAILDOMAIN%",'
  )
  const body = ask('jane@example.com', table)?.body
  t.notMatch(body, '%')
  t.match(payloadOf(body), {
    IncomingMailServerHostName: 'example.com',
    IncomingMailServerUsername: 'jane.example.com',
    OutgoingMailServerHostName: 'mx.example.com',
    OutgoingMailServerUsername: 'jane.example.com'
  })
})

t.test('apple: contains no password and ignores one in the request', async t => {
  const body = ask('jane@example.com', seed, '&password=s3cret')?.body
  t.equal(body, profile)
  t.notMatch(body, /<key>(Incoming|Outgoing)Password<|s3cret/)
})

t.test('apple: asks for one password for both directions, and omits the user name if no server needs it', async t => {
  t.match(payloadOf(profile), { OutgoingPasswordSameAsIncomingPassword: true })
  const open = 'authentication: [none]'
  const sending = ask('jane@example.com', withServers(`${imap}, { protocol: smtp, host: s.example, ${open} }`))?.body
  t.notMatch(sending, /OutgoingMailServerUsername|OutgoingPasswordSameAsIncomingPassword/)
  t.match(sending, 'IncomingMailServerUsername')
  const reading = ask('jane@example.com', withServers(`{ protocol: imap, host: i.example, ${open} }, ${smtp}`))?.body
  t.notMatch(reading, /IncomingMailServerUsername|OutgoingPasswordSameAsIncomingPassword/)
  t.match(reading, 'OutgoingMailServerUsername')
})

t.test('apple: locks nothing, and neither expires nor forbids removal', async t => {
  t.notMatch(profile, /Prevent|allowMailDrop|Removal|Expiration|ConsentText|PayloadScope/)
})

const caldav = '{ protocol: caldav, url: https://dav.example.com/caldav/ }'
const carddav = '{ protocol: carddav, url: "https://Dav.%EMAILDOMAIN%:8443" }'
const activesync = '{ protocol: activesync, url: https://eas.example.com/Microsoft-Server-ActiveSync }'
const accountsOf = (servers: string, more = '') => {
  const body = ask('jane@example.com', withServers(servers, more))?.body
  return body === undefined ? [] : (readBack(body).PayloadContent as { [key: string]: PlistValue }[])
}
const typesOf = (servers: string) => accountsOf(servers).map(({ PayloadType }) => PayloadType)

t.test(
  'apple: calendars and address books have a host without scheme and path, a port, TLS and a user name',
  async t => {
    const username = 'username: "%EMAILLOCALPART%",'
    const [, calendars, contacts, ...more] = accountsOf(`${imap}, ${smtp}, ${carddav}, ${caldav}`, username)
    t.match(calendars, {
      CalDAVHostName: /^dav\.example\.com$/,
      CalDAVPort: 443,
      CalDAVUseSSL: true,
      CalDAVUsername: /^jane$/,
      PayloadIdentifier: /\.caldav$/,
      PayloadType: 'com.apple.caldav.account'
    })
    t.match(contacts, {
      CardDAVHostName: /^dav\.example\.com$/,
      CardDAVPort: 8443,
      CardDAVUseSSL: true,
      CardDAVUsername: /^jane$/,
      PayloadIdentifier: /\.carddav$/,
      PayloadType: 'com.apple.carddav.account'
    })
    t.same(more, [])
    const body = ask('jane@example.com', withServers(`${imap}, ${smtp}, ${caldav}, ${carddav}`))?.body ?? ''
    t.notMatch(body, /PrincipalURL|DAVPassword/)
    t.same(profileFaults(body), [])
    t.equal(new Set(identifiers(body)).size, 8)
  }
)

t.test('apple: a new calendar does not change the identity of the other accounts', async t => {
  const table = withServers(`${imap}, ${smtp}, ${caldav}`)
  t.same(identifiers(ask('jane@example.com', table)?.body)?.slice(0, 2), identifiers(profile)?.slice(0, 2))
})

t.test('apple: calendars and address books need a password and mail servers', async t => {
  const oauth = caldav.replace('}', ', authentication: [oauth2] }')
  t.same(typesOf(`${imap}, ${smtp}, ${oauth}`), ['com.apple.mail.managed'])
  t.same(typesOf(`${caldav}, ${carddav}`), [])
})

t.test('apple: ActiveSync alone provides all services', async t => {
  const [account, ...more] = accountsOf(activesync)
  t.match(account, {
    EmailAddress: 'jane@example.com',
    Host: /^eas\.example\.com$/,
    PayloadIdentifier: /\.activesync$/,
    PayloadType: 'com.apple.eas.account',
    SSL: true,
    UserName: 'jane@example.com'
  })
  t.same(more, [])
  hasNone(t, account, ['EnableMail'])
  t.same(profileFaults(ask('jane@example.com', withServers(activesync))?.body ?? ''), [])
})

t.test('apple: ActiveSync provides only services that no other account provides', async t => {
  const [, besideMail] = accountsOf(`${imap}, ${smtp}, ${activesync}`)
  t.match(besideMail, { EnableMail: false })
  hasNone(t, besideMail, ['EnableCalendars'])
  const [, , besideCalendars] = accountsOf(`${imap}, ${smtp}, ${caldav}, ${activesync}`)
  t.match(besideCalendars, { EnableMail: false, EnableCalendars: false, EnableReminders: false })
  hasNone(t, besideCalendars, ['EnableContacts'])
  t.notOk(typesOf(`${imap}, ${smtp}, ${caldav}, ${carddav}, ${activesync}`).includes('com.apple.eas.account'))
})

t.test('apple: a profile contains no ActiveSync on another port, or without a password and OAuth', async t => {
  t.same(typesOf('{ protocol: activesync, url: https://eas.example.com:8443/ }'), [])
  t.same(typesOf(activesync.replace('}', ', authentication: [gssapi] }')), [])
})

t.test('apple: ActiveSync uses OAuth only without a password', async t => {
  const [withBoth] = accountsOf(activesync.replace('}', ', authentication: [oauth2, password] }'))
  hasNone(t, withBoth, ['OAuth'])
  const [withOauth] = accountsOf(activesync.replace('}', ', authentication: [oauth2] }'))
  t.match(withOauth, { OAuth: true })
  hasNone(t, withOauth, ['OAuthSignInURL', 'OAuthTokenRequestURL'])
})

t.test('apple: S/MIME is left to the user, unless the table locks it', async t => {
  t.match(payloadOf(profileOfTwo), { SMIMESigningUserOverrideable: true })
  t.equal(ask('jane@example.com', withServers(`${imap}, ${smtp}`, 'apple: { smime: user },'))?.body, profileOfTwo)
  t.notMatch(ask('jane@example.com', withServers(`${imap}, ${smtp}`, 'apple: { smime: locked },'))?.body, 'SMIME')
})

t.test('apple: omits unknown values, so that the installer asks for them', async t => {
  t.notMatch(profile, /EmailAccountName|PayloadDescription|<string><\/string>/)
  t.match(payloadOf(ask('jane@example.com', seed, '&name=Jane')?.body), { EmailAccountName: 'Jane' })
})

t.test('apple: shows the password note in English, or otherwise in the first language', async t => {
  const noted = (note: string) => withServers(`${imap}, ${smtp}`, `password: { note: ${note} },`)
  t.match(readBack(ask('jane@example.com', noted('{ de: Hallo, en: Hello }'))?.body), { PayloadDescription: 'Hello' })
  t.match(readBack(ask('jane@example.com', noted('{ de: Hallo }'))?.body), { PayloadDescription: 'Hallo' })
})

t.test('apple: names survive: markup, emoji with joiners, right-to-left script and its marks', async t => {
  for (const name of [
    'A & B <"C\'> ]]>',
    '\u{1f469}\u200d\u{1f680} Jane',
    'שלום',
    'می\u200cنویسد',
    'O\u2019Neill',
    'a+b %41'
  ]) {
    const body = ask('jane@example.com', seed, `&name=${encodeURIComponent(name)}`)?.body
    t.match(payloadOf(body), { EmailAccountName: name })
    t.same(profileFaults(body ?? ''), [])
  }
})

t.test('apple: a plus sign is a space in a name, and stays a plus sign in an address', async t => {
  t.match(payloadOf(answerOf(apple, seed, { query: 'name=+Jane+Doe+&email=a+b@example.com' })?.body), {
    EmailAccountName: 'Jane Doe',
    EmailAddress: 'a+b@example.com'
  })
})

t.test(
  'apple: refuses names with control characters, line breaks or lone surrogates, and names that are too long',
  async t => {
    for (const name of [
      'a%00b',
      'a%0Ab',
      'a%0D%0ABcc:+x',
      'a%7Fb',
      'a%C2%85b',
      'a%E2%80%A8b',
      'a%EF%BF%BEb',
      'x'.repeat(101)
    ]) {
      t.match(
        ask('jane@example.com', seed, `&name=${name}`),
        { status: 400, headers: { 'content-type': /^text\/plain/ } },
        name
      )
    }
    t.match(ask('jane@example.com', seed, `&name=${encodeURIComponent('\u{1f4eb}'.repeat(100))}`), { status: 200 })
  }
)

t.test('apple: an empty name and one with broken encoding are ignored', async t => {
  for (const name of ['', '+', '%ff', '%E2%82']) {
    t.equal(ask('jane@example.com', seed, `&name=${name}`)?.body, profile, name)
  }
})

t.test('apple: the file name contains only the domain', async t => {
  const disposition = (address: string, table = seed) => ask(address, table)?.headers['content-disposition']
  t.equal(disposition("o'neill/../x@example.com"), 'attachment; filename="example.com.mobileconfig"')
  const any = tableOf(`providers: [{ id: example, name: Example, domains: ["*"], servers: [${imap}, ${smtp}] }]`)
  t.equal(disposition('jane@bücher.example', any), 'attachment; filename="xn--bcher-kva.example.mobileconfig"')
})

t.test('apple: has the exact media type and a length, and must not be cached', async t => {
  t.match(ask('jane@example.com'), {
    status: 200,
    headers: {
      'content-type': /^application\/x-apple-aspen-config$/,
      'content-length': Buffer.byteLength(profile),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff'
    }
  })
})

t.test('apple: a missing or invalid address is refused, and an unknown domain gets no answer', async t => {
  for (const query of [
    '',
    'email=',
    'email=jane',
    'email=jane%40',
    'email=a%20b@example.com',
    'name=Jane',
    'email=%ff'
  ]) {
    t.match(answerOf(apple, seed, { query, host: 'example.com' }), { status: 400 }, query)
  }
  t.equal(ask('jane@example.net'), undefined)
  t.equal(answerOf(apple, seed, { query: 'email=&emailaddress=jane@example.com' })?.status, 400)
})

t.test('apple: existing and unknown mailboxes get the same profile, except for the address', async t => {
  const hide = (body: string | undefined, name: string) =>
    (identifiers(body) ?? []).reduce((text, id) => text.replaceAll(id, ''), body ?? '').replaceAll(name, 'x')
  t.equal(hide(ask('unknown@example.com')?.body, 'unknown'), hide(profile, 'jane'))
})

t.test('apple: also accepts the parameter name of automx2', async t => {
  t.equal(answerOf(apple, seed, { query: 'emailaddress=jane%40example.com' })?.body, profile)
})

t.test('apple: plain http is redirected to the https path with the same query', async t => {
  const question = apple.ask({
    method: 'GET',
    url: '/',
    query: 'name=A+%26+B&email=a+b%40example.com',
    body: undefined
  })
  assert(!('status' in question))
  const path = apple.httpsPath?.(question) ?? ''
  t.equal(path, '/email.mobileconfig?email=a%2Bb%40example.com&name=A%20%26%20B')
  t.same(apple.ask({ method: 'GET', url: '/', query: path.split('?')[1] ?? '', body: undefined }), question)
  t.equal(apple.httpsPath?.({ domain: undefined }), '/email.mobileconfig?email=')
})

t.test('apple: a writer without an address refuses like a request without one', async t => {
  const [provider] = seed.providers
  assert(provider)
  const subject = { provider, domain: 'example.com', address: undefined, personName: undefined }
  t.match(apple.compile(provider)?.(subject), { status: 400 })
})

t.test('apple: gives no reason if there is a profile', async t => {
  const [provider] = seed.providers
  assert(provider)
  t.equal(apple.unsupportedReason?.(provider), undefined)
})
