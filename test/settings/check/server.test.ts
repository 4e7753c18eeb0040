import fc from 'fast-check'
import t from 'tap'
import { checkServer } from '../../../src/settings/check/server.ts'
import { protocols } from '../../../src/settings/schema/provider.ts'
import type { ServerSettings } from '../../../src/settings/schema.ts'
import { imap, pop3, smtp } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const sieve: ServerSettings = { protocol: 'managesieve', host: 'sieve.example.com' }
const caldav: ServerSettings = { protocol: 'caldav', url: 'https://dav.example.com/' }
const hostName = 'a host name such as mail.example.com or mail.%EMAILDOMAIN%'

const reported = (server: ServerSettings) => linesOf(checkServer(server, ['s']))

for (const [what, server] of [
  ['defaults', imap],
  ['the usual ports with tls', { ...imap, port: 993, security: 'tls' }],
  ['the usual ports with starttls', { ...smtp, port: 587, security: 'starttls' }],
  ['starttls on the usual ports by default', { ...pop3, security: 'starttls' }],
  ['plaintext that is allowed', { ...imap, security: 'none', allowPlaintext: true }],
  ['plaintext that is allowed on its usual port', { ...pop3, port: 110, security: 'none', allowPlaintext: true }],
  ['unusual ports with any security', { ...smtp, port: 2525, security: 'starttls' }],
  ['a host made from the domain', { ...imap, host: 'mail.%EMAILDOMAIN%' }],
  ['a host that is the domain', { ...imap, host: '%EMAILDOMAIN%' }],
  ['a host in U-labels', { ...imap, host: 'mail.müller.example' }],
  ['a prefix of folders', { ...imap, pathPrefix: 'INBOX.' }],
  ['a prefix with spaces in it', { ...imap, pathPrefix: 'My mail/' }],
  ['managesieve', sieve],
  ['managesieve on its port', { ...sieve, port: 4190, security: 'starttls' }],
  ['a URL', caldav],
  ['a URL made from the domain', { ...caldav, url: 'https://dav.%EMAILDOMAIN%/%20/%EMAILDOMAIN%20?a=%C3%BC' }]
] as const satisfies (readonly [string, ServerSettings])[]) {
  t.test(`checkServer: accepts ${what}`, async t => t.same(reported(server), []))
}

for (const [what, host, message] of [
  ['a port in the host', 'imap.example.com:993', `${hostName}, and the number as port`],
  ['a scheme in the host', 'imaps://imap.example.com', `${hostName} without imaps://`],
  ['a URL as host', 'https://imap.example.com:993/', `${hostName} without https://`],
  ['an IPv4 address as host', '192.0.2.1', `${hostName}, because certificates are issued for names`],
  ['an IPv6 address as host', '2001:db8::1', `${hostName}, because certificates are issued for names`],
  ['an IPv6 address in brackets as host', '[2001:db8::1]', `${hostName}, because certificates are issued for names`],
  ['an address as host', 'info@example.com', hostName],
  ['an underscore in the host', 'my_mail.example.com', hostName],
  ['a space in the host', 'imap.example.com ', hostName],
  ['a wildcard as host', '*.example.com', hostName],
  ['a host that is empty', '', hostName],
  ['a placeholder in small letters', 'mail.%emaildomain%', hostName],
  ['half a placeholder', 'mail.%EMAILDOMAIN', hostName],
  ['a placeholder that makes no host', 'mail.%EMAILADDRESS%', hostName]
] as const) {
  t.test(`checkServer: refuses ${what}`, async t => {
    t.same(reported({ ...imap, host }), [`error s.host: found "${host}", expected ${message}`])
  })
}

for (const [server, message] of [
  [{ ...smtp, port: 587, security: 'tls' }, 'found 587 without starttls'],
  [{ ...smtp, port: 587 }, 'found 587 without starttls'],
  [{ ...smtp, port: 25 }, 'found 25 without starttls'],
  [{ ...imap, port: 993, security: 'starttls' }, 'found 993 without tls'],
  [{ ...pop3, port: 110 }, 'found 110 without starttls']
] as const satisfies (readonly [ServerSettings, string])[]) {
  const { protocol, port } = server
  t.test(`checkServer: warns of the port ${port} of ${protocol} that allowUnusualPort allows`, async t => {
    const harm = 'programs that choose the security by the port cannot connect'
    t.same(reported({ ...server, allowUnusualPort: true }), [`warning s.port: ${message}: ${harm}`])
    t.match(reported({ ...server, allowUnusualPort: false })[0], /^error /)
  })
}

t.test('checkServer: allowUnusualPort allows neither the port of another protocol nor plaintext', async t => {
  t.match(
    reported({ ...imap, port: 587, allowUnusualPort: true })[0],
    /^error s\.port: found 587, expected a port of imap/
  )
  t.match(
    reported({ ...smtp, port: 465, security: 'none', allowUnusualPort: true })[1],
    /^error s\.security: found "none"/
  )
  t.match(reported({ ...caldav, allowUnusualPort: true })[0], 'found true, but caldav only has a url')
})

t.test('checkServer: warns of a host without a dot', async t => {
  const message = 'found "mail", which only resolves in your own network, expected a host name such as mail.example.com'
  t.same(reported({ ...imap, host: 'mail' }), [`warning s.host: ${message}`])
})

for (const [server, place, found, message] of [
  [{ ...imap, port: 993, security: 'starttls' }, 'security', '"starttls"', 'security tls on port 993, or port 143'],
  [{ ...pop3, port: 995, security: 'starttls' }, 'security', '"starttls"', 'security tls on port 995, or port 110'],
  [{ ...smtp, port: 465, security: 'starttls' }, 'security', '"starttls"', 'security tls on port 465, or port 587'],
  [{ ...imap, port: 143, security: 'tls' }, 'security', '"tls"', 'security starttls on port 143, or port 993'],
  [{ ...pop3, port: 110, security: 'tls' }, 'security', '"tls"', 'security starttls on port 110, or port 995'],
  [{ ...smtp, port: 587, security: 'tls' }, 'security', '"tls"', 'security starttls on port 587, or port 465'],
  [{ ...smtp, port: 25, security: 'tls' }, 'security', '"tls"', 'security starttls on port 25, or port 465'],
  [{ ...smtp, port: 587 }, 'port', '587', 'security starttls on port 587, or port 465'],
  [{ ...imap, port: 143 }, 'port', '143', 'security starttls on port 143, or port 993'],
  [{ ...imap, port: 995 }, 'port', '995', 'a port of imap such as 993, not of pop3'],
  [{ ...smtp, port: 993 }, 'port', '993', 'a port of smtp such as 465, not of imap'],
  [{ ...imap, port: 587, security: 'starttls' }, 'port', '587', 'a port of imap such as 143, not of smtp'],
  [{ ...sieve, port: 993 }, 'port', '993', 'a port of managesieve such as 4190, not of imap'],
  [{ ...imap, port: 4190 }, 'port', '4190', 'a port of imap such as 993, not of managesieve']
] as const satisfies (readonly [ServerSettings, ...string[]])[]) {
  const { protocol, port, security = 'untold' } = server as ServerSettings
  t.test(`checkServer: refuses ${protocol} on port ${port} with security ${security}`, async t => {
    t.same(reported(server), [`error s.${place}: found ${found}, expected ${message}`])
  })
}

t.test('checkServer: refuses plaintext that is not allowed', async t => {
  const message = 'found "none", expected tls or starttls, or allowPlaintext: true as well'
  for (const allowed of [{}, { allowPlaintext: false }]) {
    t.same(reported({ ...imap, security: 'none', ...allowed }), [`error s.security: ${message}`])
    t.same(reported({ ...sieve, security: 'none', ...allowed }), [`error s.security: ${message}`])
  }
})

t.test('checkServer: refuses plaintext on a port of tls, allowed or not', async t => {
  const message = 'found "none", expected security tls on port 993, or port 143'
  t.same(reported({ ...imap, port: 993, security: 'none', allowPlaintext: true }), [`error s.security: ${message}`])
})

t.test('checkServer: refuses managesieve with implicit TLS', async t => {
  for (const port of [4190, 993, 5190]) {
    t.same(reported({ ...sieve, port, security: 'tls' }), [
      'error s.security: found "tls", expected starttls (RFC 5804 has no implicit TLS)'
    ])
  }
})

t.test('checkServer: warns of mail that is sent through port 25', async t => {
  const line = 'warning s.port: found 25, which many networks block, expected 465 or 587'
  t.same(reported({ ...smtp, port: 25, security: 'starttls' }), [line])
  t.same(reported({ ...smtp, port: 25, security: 'none', allowPlaintext: true }), [line])
})

t.test('checkServer: refuses a URL where a host belongs', async t => {
  const url = 'https://imap.example.com/'
  t.same(reported({ protocol: 'imap', url }), [
    `error s.url: found "${url}", but imap has a host instead`,
    'error s: found no host, expected the host name of the imap server'
  ])
})

t.test('checkServer: refuses a host and its fields for a protocol that has a URL', async t => {
  t.same(reported({ protocol: 'jmap', host: 'a.example', port: 443, security: 'tls', allowPlaintext: false }), [
    'error s.host: found "a.example", but jmap only has a url',
    'error s.port: found 443, but jmap only has a url',
    'error s.security: found "tls", but jmap only has a url',
    'error s.allowPlaintext: found false, but jmap only has a url',
    'error s: found no url, expected the https:// URL of the jmap server'
  ])
})

t.test('checkServer: never throws, and says of every fault where in the server it is', async () => {
  const anyServer: fc.Arbitrary<ServerSettings> = fc.record(
    {
      protocol: fc.constantFrom(...protocols),
      host: fc.oneof(fc.string(), fc.constantFrom('a.b', 'a', '%EMAILDOMAIN%')),
      port: fc.oneof(fc.integer({ min: 1, max: 65535 }), fc.constantFrom(25, 110, 143, 465, 587, 993, 995, 4190)),
      security: fc.constantFrom('tls', 'starttls', 'none'),
      allowPlaintext: fc.boolean(),
      url: fc.string().map(path => `https://${path}`)
    },
    { requiredKeys: ['protocol'] }
  )
  fc.assert(
    fc.property(anyServer, server => {
      const keys = ['s', ...Object.keys(server).map(key => `s.${key}`)]
      return reported(server).every(
        line => keys.includes(line.replace(/^\w+ (.*?): .*/, '$1')) && !/undefined/.test(line)
      )
    })
  )
})

t.test('checkServer: refuses a prefix of folders on anything but imap', async t => {
  for (const server of [pop3, smtp, sieve, caldav]) {
    const why = server.protocol === 'caldav' ? 'caldav only has a url' : 'only imap servers have prefixes of folders'
    t.same(reported({ ...server, pathPrefix: 'INBOX.' }), [`error s.pathPrefix: found "INBOX.", but ${why}`])
  }
})

t.test('checkServer: refuses a prefix of folders with spaces around it or with several lines', async t => {
  for (const pathPrefix of [' INBOX.', 'INBOX. ', 'INBOX\nfolder']) {
    const message = `found ${JSON.stringify(pathPrefix)}, expected a prefix such as "INBOX." without spaces around it`
    t.same(reported({ ...imap, pathPrefix }), [`error s.pathPrefix: ${message}`])
  }
})
