import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { thunderbird } from '../../../src/dialects/thunderbird/autoconfig.ts'
import type { Provider, Service } from '../../../src/settings/provider.ts'
import { clientConfigFaults } from '../../schemas/client-config-faults.ts'
import { anyFullTable } from '../../support/arbitraries/full-table.ts'
import { answerOf } from '../../support/dialects/answer-of.ts'
import { readBack } from '../../support/dialects/read-back.ts'
import { tableOf } from '../../support/table-of.ts'

const withAll = (include: string, more = '') =>
  tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: jmap, url: "https://jmap.%EMAILDOMAIN%/session" }
      - { protocol: pop3, host: pop3.example.com }
      - { protocol: imap, host: imap.example.com, authentication: [password, oauth2] }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: carddav, url: "https://dav.%EMAILDOMAIN%/card", authentication: [gssapi, encrypted-password] }
      - { protocol: caldav, url: https://dav.example.com/cal }
      - { protocol: webdav, url: https://dav.example.com/files, authentication: [oauth2] }
    documentation: [{ url: "https://help.example.com/?a=1&b=2", text: { en: Help & more, de: Hilfe } }]
    webmail: https://webmail.example.com/
    oauth: { issuer: https://auth.example.com, scope: mail contacts, authorizationUrl: https://auth.example.com/a, tokenUrl: https://auth.example.com/t }
    ${include === '' ? '' : `autoconfig: { include: [${include}] }`}
    ${more}
`)

const ask = (table: ReturnType<typeof tableOf>) =>
  answerOf(thunderbird, table, { host: 'autoconfig.example.com' })?.body ?? ''
const all = ask(withAll('documentation, webmail, dav, jmap, oauth2'))
const plain = ask(withAll(''))

t.test('extras: any table gives a valid document, whose extras read back to their values', async () => {
  let written = 0
  fc.assert(
    fc.property(anyFullTable, ({ table, domain }) => {
      const [provider] = table.providers
      assert(provider)
      const body = answerOf(thunderbird, table, { host: domain })?.body
      if (body === undefined) return
      if (provider.extras.length > 0) written += 1
      assert.deepEqual(clientConfigFaults(body, { extras: provider.extras.length > 0 }), [])
      const { clientConfig } = readBack(body) as { clientConfig: Record<string, Record<string, unknown>> }
      const { emailProvider, '@version': version, ...beside } = clientConfig
      const { incomingServer, documentation } = emailProvider ?? {}
      const jmap = [incomingServer].flat().filter(server => (server as { '@type'?: string })['@type'] === 'jmap')
      assert.deepEqual({ ...beside, documentation, jmap }, extrasOf(provider, domain))
    })
  )
  assert(written > 10, 'many tables have extras')
})

/** The extras as a reader sees them, written down a second time. */
function extrasOf(provider: Provider, domain: string) {
  const { extras, services, documentation, webmail, oauth, username } = provider
  const of = (extra: (typeof extras)[number], protocol: string, name: string) => {
    const service = services.find(each => each.protocol === protocol)
    const authentication = service && methodOf(service)
    if (!extras.includes(extra) || authentication === undefined) return undefined
    return {
      '@type': protocol,
      username,
      authentication,
      [name]: service?.url.replaceAll('%EMAILDOMAIN%', domain).replace(/%EMAILLOCALPART%.*/, '')
    }
  }
  const pages = documentation.map(({ url, text }) => {
    const descr = Object.entries(text).map(([lang, words]) => ({ '#text': words, '@lang': lang }))
    return { descr: descr.length === 1 ? descr[0] : descr, '@url': url }
  })
  const beside = {
    addressBook: of('dav', 'carddav', 'serverURL'),
    calendar: of('dav', 'caldav', 'serverURL'),
    fileShare: of('dav', 'webdav', 'serverURL'),
    webMail: extras.includes('webmail') && webmail ? { loginPage: { '@url': webmail } } : undefined,
    oAuth2:
      extras.includes('oauth2') && oauth
        ? {
            issuer: oauth.issuer,
            scope: oauth.scope,
            authURL: oauth.authorizationUrl,
            tokenURL: oauth.tokenUrl,
            ...(oauth.clientId !== undefined && { clientID: oauth.clientId })
          }
        : undefined
  }
  const shown = extras.includes('documentation') && pages.length > 0
  const present = Object.fromEntries(Object.entries(beside).filter(([, value]) => value !== undefined))
  return {
    ...present,
    documentation: shown ? (pages.length === 1 ? pages[0] : pages) : undefined,
    jmap: [of('jmap', 'jmap', 'url')].filter(server => server !== undefined)
  }
}

function methodOf({ authentication }: Service): string | undefined {
  if (authentication.includes('password')) return 'http-basic'
  if (authentication.includes('encrypted-password')) return 'http-digest'
  return authentication.includes('oauth2') ? 'OAuth2' : undefined
}

t.test('extras: are only present if the provider enables them', async t => {
  t.same(clientConfigFaults(plain), [])
  t.not(clientConfigFaults(all).length, 0)
  t.same(clientConfigFaults(all, { extras: true }), [])
})

for (const [extra, pattern] of [
  [
    'documentation',
    /<documentation url="https:\/\/help\.example\.com\/\?a=1&amp;b=2">\s*<descr lang="en">Help &amp; more</
  ],
  ['webmail', /<webMail>\s*<loginPage url="https:\/\/webmail\.example\.com\/"\/>/],
  ['dav', /<calendar type="caldav">.*<serverURL>https:\/\/dav\.example\.com\/cal<\/serverURL>/s],
  ['jmap', /<incomingServer type="jmap">.*<url>https:\/\/jmap\.example\.com\/session<\/url>/s],
  ['oauth2', /<oAuth2>\s*<issuer>https:\/\/auth\.example\.com<\/issuer>/]
] as const) {
  t.test(`extras: ${extra} adds only its own elements`, async t => {
    const body = ask(withAll(extra))
    t.match(body, pattern)
    t.same(clientConfigFaults(body, { extras: true }), [])
    for (const other of ['documentation', 'webMail', 'calendar', 'jmap', 'oAuth2']) {
      t.equal(new RegExp(`<${other}|"${other}"`).test(body), pattern.source.includes(other), other)
    }
  })
}

t.test('extras: jmap follows imap and pop3, which FairEmail and Geary require first', async t =>
  t.same(all.match(/(?<=Server type=")\w+/g), ['imap', 'pop3', 'jmap', 'smtp'])
)

// Why: no known program reads them. Programs that do support calendars and contacts use SRV records (RFC 6764).
t.test('extras: DAV servers have the names of version 1.1 and not those of the draft', async t => {
  t.equal(all.match(/<serverURL>/g)?.length, 3)
  t.match(all, '<addressBook type="carddav">')
  t.notMatch(all, /<addressbook|system=|>Basic</)
})

t.test('extras: have the same user name as the servers', async t => {
  const usernames = (body: string) => [...new Set(body.match(/<username>.*<\/username>/g))]
  t.same(usernames(all), ['<username>%EMAILADDRESS%</username>'])
  t.same(usernames(ask(withAll('dav, jmap', 'username: "%EMAILLOCALPART%"'))), [
    '<username>%EMAILLOCALPART%</username>'
  ])
})

t.test('extras: have no attribute on a value that Thunderbird reads', async t => {
  t.notMatch(all, /<(?:authentication|username|hostname|port|socketType|domain) /)
})

t.test('extras: OAuth2 and a password are both listed if both are offered, in the order of the table', async t => {
  const methods = ask(withAll('oauth2')).match(/(?<=<authentication>)[^<]+/g)
  t.same(methods, ['password-cleartext', 'OAuth2', 'password-cleartext', 'password-cleartext'])
})

t.test('extras: the mail servers are the same with and without extras', async t => {
  const servers = (body: string) => body.match(/<(?:in|out)\w+Server type="(?!jmap).*?<\/(?:in|out)\w+Server>/gs)
  t.same(servers(ask(withAll('documentation, webmail, dav, jmap'))), servers(plain))
})

t.test(
  'extras: methods have the names of version 1.1, a password comes first, and services without a known method are omitted',
  async t => {
    t.match(all, /<addressBook type="carddav">\s*<username>.*<\/username>\s*<authentication>http-digest</)
    t.match(all, /<calendar type="caldav">\s*<username>.*<\/username>\s*<authentication>http-basic</)
    t.match(all, /<fileShare type="webdav">\s*<username>.*<\/username>\s*<authentication>OAuth2</)
    const kerberos = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: https://dav.example.com/, authentication: [gssapi] }
    autoconfig: { include: [dav, jmap, oauth2, webmail, documentation] }
`)
    t.same(clientConfigFaults(ask(kerberos)), [], 'nothing to add')
  }
)
