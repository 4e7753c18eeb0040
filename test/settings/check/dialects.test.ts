import t from 'tap'
import { checkAutodiscover, checkExtras } from '../../../src/settings/check/dialects.ts'
import { pathText } from '../../../src/settings/load/finding.ts'
import type { ProviderSettings } from '../../../src/settings/schema.ts'
import { exampleProvider, imap, smtp } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const reported = (changes: Partial<ProviderSettings>) =>
  checkExtras(exampleProvider(changes), ['p']).map(
    ({ severity, path, message }) => `${severity} ${pathText(path)}: ${message}`
  )

const url = 'https://example.com/'
const oauth = { issuer: url, scope: 'mail', authorizationUrl: url, tokenUrl: url }
const withOauth2 = [{ ...imap, authentication: ['password' as const, 'oauth2' as const] }, smtp]

t.test('checkExtras: finds nothing for a provider without extras', async t => t.same(reported({}), []))

t.test('checkExtras: accepts extras that all programs support', async t =>
  t.same(
    reported({
      autoconfig: { include: ['documentation', 'webmail', 'dav'] },
      documentation: [{ url, text: { en: 'Help' } }],
      webmail: url,
      servers: [imap, smtp, { protocol: 'carddav', url }]
    }),
    []
  )
)

t.test('checkExtras: names the programs with problems', async t =>
  t.same(
    reported({
      autoconfig: { include: ['jmap', 'oauth2', 'exchange'] },
      servers: [...withOauth2, { protocol: 'jmap', url }, { protocol: 'ews', url }]
    }),
    [
      'warning p.autoconfig.include[0]: found "jmap": Himalaya then rejects the whole document',
      'warning p.autoconfig.include[1]: found "oauth2": KDE Kontact then prefers OAuth to a password and cannot log in',
      'warning p.autoconfig.include[2]: found "exchange": Himalaya then rejects the whole document'
    ]
  )
)

t.test('checkExtras: reports extras without data', async t =>
  t.same(reported({ autoconfig: { include: ['documentation', 'webmail', 'dav', 'jmap', 'oauth2', 'exchange'] } }), [
    'warning p.autoconfig.include[0]: found "documentation", but the provider has no documentation',
    'warning p.autoconfig.include[1]: found "webmail", but the provider has no webmail',
    'warning p.autoconfig.include[2]: found "dav", but the provider has no caldav, carddav or webdav server',
    'warning p.autoconfig.include[3]: found "jmap", but the provider has no jmap server',
    'warning p.autoconfig.include[4]: found "oauth2", but the provider has no oauth, and no server with oauth2 among its authentication',
    'warning p.autoconfig.include[5]: found "exchange", but the provider has no ews, graph or activesync server'
  ])
)

t.test('checkExtras: warns about oauth that no server accepts', async t => {
  t.same(reported({ oauth }), ['warning p.oauth: found oauth, but no server with oauth2 among its authentication'])
  t.same(reported({ oauth, servers: withOauth2 }), [])
})

const redirectFaults = (redirect: string, changes: Partial<ProviderSettings> = {}) =>
  linesOf(checkAutodiscover(exampleProvider({ autodiscover: { redirect }, ...changes }), ['p']))

const exchange = 'https://ex.example.net/autodiscover/autodiscover.xml'

t.test('checkAutodiscover: finds nothing without a redirect', async t => {
  t.same(checkAutodiscover(exampleProvider({}), ['p']), [])
})

t.test('checkAutodiscover: accepts a host, and a path of Autodiscover in any letter case', async t => {
  for (const redirect of [
    exchange,
    'https://ex.example.net',
    'https://ex.example.net:8443/',
    'https://ex.example.net/x/AutoDiscover/AutoDiscover.xml',
    'https://ex.%EMAILDOMAIN%/'
  ]) {
    t.same(redirectFaults(redirect), [], redirect)
  }
})

t.test('checkAutodiscover: reports URLs that Outlook refuses', async t => {
  for (const redirect of [
    'https://ex.example.net/owa/',
    `${exchange}?x=1`,
    `${exchange}#x`,
    'https://ex.example.net/?x=1'
  ]) {
    t.same(redirectFaults(redirect), [
      `error p.autodiscover.redirect: found "${redirect}", expected a URL that ends in /autodiscover/autodiscover.xml`
    ])
  }
})

t.test('checkAutodiscover: reports invalid URLs and other placeholders', async t => {
  for (const redirect of ['https://[', 'https://ex.example.net/%EMAILADDRESS%']) {
    t.same(redirectFaults(redirect), [
      `error p.autodiscover.redirect: found "${redirect}", expected an https:// URL with no placeholder except %EMAILDOMAIN%`
    ])
  }
})

t.test('checkAutodiscover: warns about loops', async t => {
  const loop = (redirect: string) =>
    `warning p.autodiscover.redirect: found "${redirect}", a loop unless the DNS leads this host to Exchange instead of here`
  for (const redirect of [
    'https://autodiscover.example.com/',
    'https://example.com/autodiscover/autodiscover.xml',
    'https://autodiscover.%EMAILDOMAIN%/'
  ]) {
    t.same(redirectFaults(redirect, { domains: ['other.example', 'example.com'] }), [loop(redirect)])
  }
  const pattern = 'https://autodiscover.%EMAILDOMAIN%/'
  t.same(redirectFaults(pattern, { domains: ['*.example.com'] }), [loop(pattern)])
})

t.test('checkAutodiscover: warns if both dialects of Outlook are off', async t => {
  const off = (dialects: ProviderSettings['dialects']) => redirectFaults(exchange, { ...(dialects && { dialects }) })
  t.same(off({ outlook: false, 'outlook-json': false }), [
    `warning p.autodiscover.redirect: found "${exchange}", which has no effect: the dialects outlook and outlook-json are off`
  ])
  t.same(off({ outlook: false }), [])
  t.same(off({ 'outlook-json': false }), [])
})
