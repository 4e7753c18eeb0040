import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { pacc } from '../../src/dialects/pacc.ts'
import type { Provider } from '../../src/settings/provider.ts'
import type { ProviderSettings } from '../../src/settings/schema.ts'
import { configurationFaults } from '../schemas/configuration-faults.ts'
import { anyFullTable } from '../support/arbitraries/full-table.ts'
import { answerOf } from '../support/dialects/answer-of.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const path = '/.well-known/user-agent-configuration.json'

const settings = (servers: string, more = '') =>
  `providers: [{ id: example, name: Example Mail, domains: [example.com, "*.customers.example"], ${more} servers: [${servers}] }]`
const imap = '{ protocol: imap, host: imap.example.com }'
const smtp = '{ protocol: smtp, host: smtp.%EMAILDOMAIN% }'
const oauth =
  'oauth: { issuer: https://auth.example.com, scope: mail, authorizationUrl: https://auth.example.com/a, tokenUrl: https://auth.example.com/t },'

const ask = (table: ReturnType<typeof tableOf>, host = 'ua-auto-config.example.com') => {
  const response = answerOf(pacc, table, { url: path, host })
  return response && { ...response, json: JSON.parse(response.body) }
}
const askWith = (servers: string, more = '') => ask(tableOf(settings(servers, more)))
const obstacle = (servers: string, more = '') => {
  const [provider] = tableOf(settings(servers, more)).providers
  assert(provider)
  const reason = pacc.unsupportedReason?.(provider)
  assert.equal(askWith(servers, more) === undefined, reason !== undefined)
  return reason
}

t.test('pacc: any table gives a valid document that reads back to its values, or none and a reason', async () => {
  let written = 0
  fc.assert(
    fc.property(anyFullTable, ({ table, domain }) => {
      const [provider] = table.providers
      const [settings] = table.settings.providers
      assert(provider && settings)
      const document = ask(table, `ua-auto-config.${domain}`)
      assert.equal(document === undefined, pacc.unsupportedReason?.(provider) !== undefined)
      if (document === undefined) return
      written += 1
      assert.deepEqual(configurationFaults(document.body), [])
      assert.deepEqual(document.json, configurationOf(settings, provider, domain))
    })
  )
  assert(written > 10, 'many tables can be written')
})

/** The document as a reader sees it, written down a second time and without templates. */
function configurationOf(
  { servers, oauth, documentation = [] }: ProviderSettings,
  { name, shortName }: Provider,
  domain: string
) {
  const first = (protocol: string) => servers.find(server => server.protocol === protocol)
  const here = (text = '') => text.replaceAll('%EMAILDOMAIN%', domain)
  const places = [
    ...['jmap', 'caldav', 'carddav', 'webdav'].map(key => [key, key] as const),
    ...['imap', 'pop3'].map(key => [key, key] as const),
    ['submit', 'smtp'] as const,
    ['smtp', 'smtp'] as const
  ].flatMap(([key, protocol]) => {
    const server = first(protocol)
    if (server === undefined) return []
    return [[key, server.url === undefined ? { host: here(server.host) } : { url: new URL(here(server.url)).href }]]
  })
  const offers = ['imap', 'pop3', 'smtp', 'jmap', 'caldav', 'carddav', 'webdav']
    .map(first)
    .filter(server => server !== undefined)
    .map(({ authentication = ['password'] }) => authentication)
  return {
    protocols: Object.fromEntries(places),
    authentication: {
      ...(oauth && offers.every(offer => offer.includes('oauth2')) && { 'oauth-public': { issuer: oauth.issuer } }),
      password: offers.every(offer => offer.includes('password') || offer.includes('encrypted-password'))
    },
    info: {
      provider: { name, shortName },
      ...(documentation[0] && { help: { documentation: new URL(documentation[0].url).href } })
    }
  }
}

t.test('pacc: equal tables give the same bytes for any query at any time', async t => {
  const { app } = serveApp(t, settings(`${imap}, ${smtp}`))
  const { body } = await app.inject({ url: path, headers: { host: 'ua-auto-config.example.com' } })
  for (const [url, host] of [
    [path, 'ua-auto-config.example.com'],
    [`${path}?email=jane@example.com`, 'UA-AUTO-CONFIG.example.com:443'],
    [path.toUpperCase(), 'example.com']
  ] as const) {
    t.equal((await app.inject({ url, headers: { host } })).body, body)
  }
  t.equal(askWith(`${smtp}, ${imap}`)?.body, body, 'the order of the table does not matter')
})

t.test('pacc: is not served if login names are looked up, because requests contain no address', async t => {
  const [provider] = tableOf(
    `users: { type: sqlite, file: a, query: "SELECT * FROM b WHERE c = :address", unknown: "u###" }
${settings(`${imap}, ${smtp}`)}`
  ).providers
  t.equal(provider && pacc.unsupportedReason?.(provider), 'it needs the address as user name')
  t.equal(provider && pacc.compile(provider), undefined)
})

t.test('pacc: is JSON that web pages may read, and an unknown host is 404', async t => {
  t.match(askWith(`${imap}, ${smtp}`), {
    status: 200,
    headers: { 'content-type': 'application/json', 'access-control-allow-origin': '*' }
  })
  t.equal(ask(tableOf(settings(imap)), 'ua-auto-config.other.example'), undefined)
})

t.test('pacc: has submit and smtp with the same host, without placeholders', async t =>
  t.match(ask(tableOf(settings(`${imap}, ${smtp}`)), 'ua-auto-config.a.customers.example')?.json.protocols, {
    submit: { host: 'smtp.a.customers.example' },
    smtp: { host: 'smtp.a.customers.example' }
  })
)

t.test('pacc: always has authentication and info', async t =>
  t.match(askWith(imap)?.json, {
    authentication: { password: true },
    info: { provider: { name: 'Example Mail', shortName: 'Example Mail' } }
  })
)

t.test('pacc: contains the first help page', async t => {
  const pages =
    'documentation: [{ url: https://a.example/, text: { en: A } }, { url: https://b.example/, text: { en: B } }],'
  t.same(askWith(imap, pages)?.json.info.help, { documentation: 'https://a.example/' })
})

t.test('pacc: contains the issuer exactly as written if all servers accept OAuth', async t => {
  const taking = (methods: string) => `{ protocol: imap, host: imap.example.com, authentication: [${methods}] }`
  t.same(askWith(taking('password, oauth2'), oauth)?.json.authentication, {
    'oauth-public': { issuer: 'https://auth.example.com' },
    password: true
  })
  t.same(askWith(taking('oauth2'), oauth)?.json.authentication, {
    'oauth-public': { issuer: 'https://auth.example.com' },
    password: false
  })
  t.same(askWith(`${taking('password, oauth2')}, ${smtp}`, oauth)?.json.authentication, { password: true })
})

t.test('pacc: leaves out managesieve, which has no implicit TLS', async t => {
  t.same(Object.keys(askWith(`${imap}, { protocol: managesieve, host: imap.example.com }`)?.json.protocols), ['imap'])
})

t.test('pacc: leaves out the port 443 of a URL', async t =>
  t.equal(
    askWith('{ protocol: jmap, url: "https://jmap.example.com:443/session" }')?.json.protocols.jmap.url,
    'https://jmap.example.com/session'
  )
)

for (const [what, servers, more, reason] of [
  [
    'STARTTLS',
    `${imap}, { protocol: smtp, host: s.example, security: starttls }`,
    '',
    'it needs implicit TLS on the standard ports; smtp uses starttls on 587'
  ],
  [
    'another port',
    '{ protocol: imap, host: i.example, port: 1993 }',
    '',
    'it needs implicit TLS on the standard ports; imap uses tls on 1993'
  ],
  ['another user name', imap, 'username: "%EMAILLOCALPART%",', 'it needs the address as user name'],
  [
    'a URL with a port',
    '{ protocol: jmap, url: "https://jmap.example.com:8443/" }',
    '',
    'it needs URLs without a port; jmap uses 8443'
  ],
  [
    'a DAV URL without a path',
    `${imap}, { protocol: caldav, url: "https://dav.example.com" }`,
    '',
    'it needs DAV URLs with a path; caldav has none'
  ],
  [
    'ActiveSync alone',
    '{ protocol: activesync, url: https://eas.example.com/ }',
    '',
    'it supports none of the servers'
  ],
  [
    'Kerberos alone',
    '{ protocol: imap, host: i.example, authentication: [gssapi] }',
    oauth,
    'it needs a password on all servers, or OAuth on all of them'
  ],
  [
    'OAuth without an issuer',
    '{ protocol: imap, host: i.example, authentication: [oauth2] }',
    '',
    'it needs a password on all servers, or OAuth on all of them'
  ]
] as const) {
  t.test(`pacc: is not served with ${what}`, async t => t.equal(obstacle(servers, more), reason))
}

t.test('pacc: a JMAP URL needs no path', async t =>
  t.equal(obstacle('{ protocol: jmap, url: https://jmap.example.com }'), undefined)
)

t.test('pacc: a suitable alternative server does not help, since all programs get the first one', async t =>
  t.match(obstacle(`{ protocol: smtp, host: s.example, security: starttls }, ${smtp}`), 'smtp uses starttls on 587')
)

t.test('pacc: plain http is redirected to https', async t => {
  const { app } = serveApp(t, `http: { trustProxy: [127.0.0.1] }\n${settings(imap)}`)
  const headers = { host: 'ua-auto-config.example.com', 'x-forwarded-proto': 'http' }
  const answer = await app.inject({ url: path, headers })
  t.equal(answer.statusCode, 302)
  t.equal(answer.headers.location, `https://ua-auto-config.example.com${path}`)
})
