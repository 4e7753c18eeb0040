import t from 'tap'
import { findFaults } from '../../../src/settings/check/check.ts'
import { checkHost, checkUrlHost, isAddress } from '../../../src/settings/check/host.ts'
import type { Settings } from '../../../src/settings/schema.ts'
import { exampleProvider, imap, smtp } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const harms = {
  certificate: 'expected a host name, because certificates are issued for names',
  machine: 'which is the machine of each person',
  network: 'which only resolves in your own network',
  invalid: 'which is no valid host name',
  dot: 'expected it without the dot at the end'
} as const

for (const [hosts, harm] of [
  [['192.0.2.10', '127.0.0.1', '10.0.0.1', '[2001:db8::1]', '2130706433', '0x7f.1'], 'certificate'],
  [['localhost', 'LOCALHOST', 'mail.localhost'], 'machine'],
  [['mail', 'nas.local', 'mail.corp', 'a.b.internal', 'nas.home.arpa', 'router.lan', 'X.LOCALDOMAIN'], 'network'],
  [['mail_1.example.com', '-a.example.com', 'a..example.com'], 'invalid'],
  [['mail.example.com.', 'localhost.'], 'dot']
] as const) {
  t.test(`checkUrlHost: warns of ${hosts.join(', ')}`, async t => {
    for (const host of hosts) {
      for (const url of [`https://${host}`, `https://${host}:8443/path?a#b`]) {
        const [line, ...others] = linesOf(checkUrlHost(url, ['webmail']))
        t.match(line, new RegExp(`^warning webmail: found ".*${harms[harm]}`), url)
        t.same(others, [])
      }
    }
  })
}

t.test('checkUrlHost: finds nothing in public names, invalid URLs and mailto:', async t => {
  for (const url of [
    'https://mail.example.com/',
    'https://MAIL.Example.COM:8443/#top',
    'https://%EMAILDOMAIN%/mail',
    'https://webmail.%EMAILDOMAIN%/',
    'https://bücher.example/',
    'https://local.example.com/',
    'https://thehome.example/',
    'https://[',
    'mailto:help@localhost'
  ]) {
    t.same(checkUrlHost(url, ['website']), [], url)
  }
})

t.test('checkHost: placeholders and letter case of the table are in the message', async t => {
  t.same(checkHost('Mail.%EMAILDOMAIN%', ['host']), [])
  t.same(linesOf(checkHost('%EMAILDOMAIN%.Local', ['host'])), [
    'warning host: found "%EMAILDOMAIN%.Local", which only resolves in your own network, expected a host name such as mail.example.com'
  ])
})

t.test('isAddress: knows IPv4 and IPv6, also in brackets', async t => {
  for (const host of ['192.0.2.1', '::1', '[::1]']) t.ok(isAddress(host), host)
  for (const host of ['example.com', '1.2.3', '[a]']) t.notOk(isAddress(host), host)
})

t.test('hosts: every URL and host name that programs or people get is checked in the same way', async t => {
  const reported = (host: string) => {
    const url = `https://${host}/a`
    const oauth = { issuer: url, scope: 'mail', authorizationUrl: url, tokenUrl: url }
    const provider = exampleProvider({
      website: url,
      webmail: url,
      password: { url },
      documentation: [{ url, text: { en: 'Help' } }],
      oauth,
      brand: { support: url },
      autodiscover: { redirect: `https://${host}/autodiscover/autodiscover.xml` },
      servers: [
        { ...imap, host, authentication: ['oauth2', 'password'] },
        smtp,
        { protocol: 'caldav', url },
        { protocol: 'jmap', url }
      ]
    })
    const settings = { http: { publicUrl: `https://${host}` }, providers: [provider] } as Settings
    return findFaults(settings).map(({ severity, path, message }) => `${severity} ${path.join('.')} ${message}`)
  }
  const paths = [
    'http.publicUrl',
    'providers.0.servers.0.host',
    'providers.0.servers.2.url',
    'providers.0.servers.3.url',
    'providers.0.password.url',
    'providers.0.documentation.0.url',
    'providers.0.website',
    'providers.0.webmail',
    'providers.0.oauth.issuer',
    'providers.0.oauth.authorizationUrl',
    'providers.0.oauth.tokenUrl',
    'providers.0.brand.support',
    'providers.0.autodiscover.redirect'
  ]
  t.same(
    reported('nas.local').filter(line => line.includes('your own network')),
    paths.map(
      path =>
        `warning ${path} found "nas.local", which only resolves in your own network, expected a host name such as mail.example.com`
    )
  )
  const addresses = reported('192.0.2.10').filter(line => line.includes('certificates are issued'))
  t.same(
    addresses.map(line => line.split(' ').slice(0, 2).join(' ')),
    paths.map(path => `${path.endsWith('.host') ? 'error' : 'warning'} ${path}`)
  )
  t.same(reported('mail.example.net'), [])
})

t.test('hosts: a fragment in a URL that programs request is a warning', async t => {
  const url = 'https://dav.example.com/a#b'
  const oauth = { issuer: url, scope: 'mail', authorizationUrl: url, tokenUrl: url }
  const provider = exampleProvider({
    website: url,
    oauth,
    servers: [{ ...imap, authentication: ['oauth2', 'password'] }, smtp, { protocol: 'caldav', url }]
  })
  t.same(
    linesOf(findFaults({ providers: [provider] })),
    ['servers[2].url', 'oauth.issuer', 'oauth.authorizationUrl', 'oauth.tokenUrl'].map(
      path => `warning providers[0].${path}: found "#b", which programs do not send, expected none`
    )
  )
})
