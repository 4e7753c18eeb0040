import t from 'tap'
import { checkExtras } from '../../../src/settings/check/autoconfig.ts'
import { pathText } from '../../../src/settings/load/finding.ts'
import type { ProviderSettings } from '../../../src/settings/schema.ts'
import { exampleProvider, imap, smtp } from '../../support/settings/example.ts'

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
