import t from 'tap'
import { checkProvider } from '../../../src/settings/check/provider.ts'
import type { ProviderSettings, ServerSettings } from '../../../src/settings/schema.ts'
import { matchLists } from '../../support/match-lists.ts'
import { exampleProvider, imap, pop3, smtp } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const reported = (changes: Partial<ProviderSettings>) => linesOf(checkProvider(exampleProvider(changes), ['p']))
const reportedFor = (...servers: ServerSettings[]) => reported({ servers })

t.test('checkProvider: finds nothing in a valid provider', async t => {
  t.same(reported({}), [])
  t.same(
    reported({
      name: 'Example Mail \u{1f4eb} für Müller',
      shortName: 'Example',
      domains: ['example.com', '*.example.com', 'müller.example', '*'],
      mx: ['mx1.example.net', '*.mx.example.net'],
      username: '%EMAILLOCALPART%',
      servers: [imap, pop3, smtp, { ...smtp, security: 'starttls' }, { protocol: 'jmap', url: 'https://example.com/' }],
      password: { url: 'https://example.com/password' },
      documentation: [{ url: 'https://example.com/help', text: { en: 'Help' } }],
      website: 'https://example.com/'
    }),
    []
  )
})

for (const [key, most, better] of [
  ['name', 60, 30],
  ['shortName', 20, 12]
] as const) {
  t.test(`checkProvider: a ${key} has at most ${most} characters, better ${better}`, async t => {
    const reportedForLength = (length: number) => reported({ [key]: '\u{1f4eb}'.repeat(length) })
    const room = `but mail programs have room for ${better}`
    t.same(reportedForLength(better), [])
    t.same(reportedForLength(better + 1), [`warning p.${key}: found ${better + 1} characters, ${room}`])
    t.same(reportedForLength(most), [`warning p.${key}: found ${most} characters, ${room}`])
    t.same(reportedForLength(most + 1), [`error p.${key}: found ${most + 1} characters, expected at most ${most}`])
  })

  t.test(`checkProvider: a ${key} is one line, and not blank`, async t => {
    for (const [name, shown] of [
      [' ', ' '],
      ['a\nb', 'a\\nb'],
      ['a\r', 'a\\r'],
      ['a\tb', 'a\\tb'],
      ['a\u2028b', 'a\\u{2028}b']
    ] as const) {
      t.same(reported({ [key]: name }), [`error p.${key}: found "${shown}", expected one line of text`])
    }
  })
}

for (const [what, ...domains] of [
  ['an address', 'info@example.com', '@example.com'],
  ['a URL', 'https://example.com', 'example.com/'],
  ['a placeholder', '%EMAILDOMAIN%', '*.%EMAILDOMAIN%'],
  ['a wildcard anywhere but in front', 'mail.*.example.com', '*example.com', '*.*.example.com', '*.'],
  ['an IP address', '192.0.2.1', '[2001:db8::1]'],
  ['a port', 'example.com:25'],
  ['white space', ' example.com', 'example.com example.org', ''],
  ['a numeric top level', 'example.1']
] as const) {
  t.test(`checkProvider: refuses ${what} as domain`, async t => {
    for (const domain of domains) {
      const message = `found "${domain}", expected a domain such as example.com, *.example.com or *`
      t.same(reported({ domains: [domain] }), [`error p.domains[0]: ${message}`])
    }
  })
}

t.test('checkProvider: warns of the name of a service or a website in place of a mail domain', async t => {
  t.same(reported({ domains: ['www.example'] }), [], 'it has only one other label')
  for (const service of ['autoconfig', 'autodiscover', 'ua-auto-config', 'AutoConfig', 'www', 'WWW']) {
    const message = `found "${service}.example.com", expected the mail domain, which is example.com`
    t.same(reported({ domains: ['example.com', `${service}.example.com`] }), [`warning p.domains[1]: ${message}`])
  }
})

t.test('checkProvider: warns of a domain without a dot', async t => {
  const message = 'found "localhost", expected a whole domain such as example.com'
  t.same(reported({ domains: ['localhost'] }), [`warning p.domains[0]: ${message}`])
})

t.test('checkProvider: refuses a mail exchanger that is no host name', async t => {
  for (const host of ['*', '10 mx1.example.com', 'mx1.example.com:25', '192.0.2.1', 'mx_1.example.com', '']) {
    t.same(reported({ mx: ['mx.example.com', host] }), [
      `error p.mx[1]: found "${host}", expected a host name such as mx1.example.com or *.example.com`
    ])
  }
})

t.test('checkProvider: warns of a mail exchanger without a dot', async t => {
  const message = 'found "mx1", expected a host name such as mx1.example.com or *.example.com'
  t.same(reported({ mx: ['mx1'] }), [`warning p.mx[0]: ${message}`])
})

t.test('checkProvider: reports the faults of all servers', async t => {
  const lines = reported({ servers: [imap, { ...smtp, host: 'a b' }, { protocol: 'caldav' }] })
  matchLists(t, lines, [/^error p\.servers\[1\]\.host: found "a b"/, /^error p\.servers\[2\]: found no url/])
})

t.test('checkProvider: warns if mail cannot be received', async t => {
  const line = 'warning p.servers: found no imap or pop3 server: mail programs get no settings for receiving mail'
  t.same(reportedFor(smtp), [line])
  t.same(reportedFor(smtp, { protocol: 'jmap', url: 'https://example.com/' }), [line])
})

t.test('checkProvider: warns if mail cannot be sent', async t => {
  const line = 'warning p.servers: found no smtp server: Thunderbird and Apple get a 404'
  t.same(reportedFor(imap), [line])
  t.same(reportedFor(pop3), [line])
})

t.test('checkProvider: refuses a duplicate server, however it is written', async t => {
  const line = (place: string) => `error p.servers[2]: found ${place} a second time, expected each server once`
  const at993 = line('imap at imap.example.com:993')
  t.same(reportedFor(imap, smtp, imap), [at993])
  t.same(reportedFor(imap, smtp, { ...imap, host: 'IMAP.example.com.', port: 993, security: 'tls' }), [at993])
  t.same(reportedFor(imap, smtp, { protocol: 'imap', host: 'imap.example.com', authentication: ['oauth2'] }), [at993])
  const umlaut = { ...imap, host: 'müller.example' }
  t.same(reportedFor(umlaut, smtp, { ...imap, host: 'xn--mller-kva.example' }), [
    line('imap at xn--mller-kva.example:993')
  ])
  const dav: ServerSettings = { protocol: 'caldav', url: 'https://example.com/' }
  t.same(reported({ servers: [imap, smtp, dav, dav] }), [
    'error p.servers[3]: found caldav at https://example.com/ a second time, expected each server once'
  ])
})

t.test('checkProvider: the same host with another protocol or port is another server', async t => {
  const host = 'mail.example.com'
  t.same(
    reportedFor({ ...imap, host }, { ...pop3, host }, { ...smtp, host }, { ...smtp, host, security: 'starttls' }),
    []
  )
})

t.test('checkProvider: servers that lack a host are not the same server', async t => {
  t.same(reportedFor({ protocol: 'imap' }, { protocol: 'imap' }, smtp), [
    'error p.servers[0]: found no host, expected the host name of the imap server',
    'error p.servers[1]: found no host, expected the host name of the imap server'
  ])
})

t.test('checkProvider: a duplicate server with an invalid host is shown as written', async t => {
  t.match(
    reportedFor({ ...imap, host: 'a_b' }, { ...imap, host: 'a_b' }, smtp).at(-1),
    /found imap at a_b:993 a second time/
  )
})

t.test('checkProvider: warns of starttls before tls of the same protocol', async t => {
  const starttls = { ...imap, security: 'starttls' } as const
  const line = 'found "starttls" before "tls", expected tls first: mail programs get only the first imap server'
  t.same(reportedFor(starttls, imap, smtp), [`warning p.servers[0].security: ${line}`])
  t.same(reportedFor(smtp, starttls, { ...starttls, port: 1143 }, { ...imap, port: 1993, security: 'tls' }), [
    `warning p.servers[1].security: ${line}`
  ])
})

t.test('checkProvider: accepts starttls alone, after tls, or before tls of another protocol', async t => {
  t.same(reportedFor({ ...imap, security: 'starttls' }, smtp), [])
  t.same(reportedFor(imap, { ...imap, security: 'starttls' }, { ...imap, port: 1993 }, smtp), [])
  t.same(reportedFor({ ...imap, security: 'starttls' }, pop3, smtp), [])
  const sieve: ServerSettings = { protocol: 'managesieve', host: 'a.example.com' }
  t.same(reportedFor(sieve, { ...sieve, host: 'b.example.com' }, imap, smtp), [])
})

t.test('checkProvider: warns of plaintext in the first server of a protocol, and before tls', async t => {
  const plain = { ...imap, security: 'none', allowPlaintext: true } as const
  const line = 'warning p.servers[0].security: found "none", but Thunderbird for Android rejects plaintext imap'
  t.same(reportedFor(plain, smtp), [line])
  t.same(reportedFor(imap, plain, smtp), [])
  matchLists(t, reportedFor(plain, imap, smtp), [line, /^warning p\.servers\[0\]\.security: found "none" before "tls"/])
})

t.test('checkProvider: warns where the first server of a protocol takes no password', async t => {
  const line = (at: number, protocol: string) =>
    `warning p.servers[${at}].authentication: found no password, without which most mail programs cannot log in to ${protocol}`
  t.same(reportedFor({ ...imap, authentication: ['oauth2', 'gssapi'] }, smtp), [line(0, 'imap')])
  t.same(reportedFor(imap, { ...smtp, authentication: ['none'] }), [line(1, 'smtp')])
  t.same(reportedFor({ ...imap, authentication: ['oauth2', 'password'] }, smtp), [])
  t.same(reportedFor({ ...imap, authentication: ['encrypted-password'] }, smtp), [])
  t.same(reportedFor(imap, smtp, { ...smtp, port: 2525, authentication: ['oauth2'] }), [])
})

t.test('checkProvider: accepts OAuth alone on servers for which Thunderbird ships OAuth settings', async t => {
  const microsoft = (server: ServerSettings, host: string): ServerSettings => ({
    ...server,
    host,
    authentication: ['oauth2']
  })
  t.same(reportedFor(microsoft(imap, 'outlook.office365.com'), microsoft(smtp, 'smtp.office365.com')), [])
  t.same(reportedFor(microsoft(imap, 'Outlook.Office365.com.'), microsoft(smtp, 'smtp.office365.com.')), [])
  t.same(reportedFor(microsoft(imap, 'imap.gmail.com'), microsoft(smtp, 'smtp.gmail.com')), [])
  t.same(reportedFor(microsoft(pop3, 'pop3.seznam.cz'), smtp), [], 'Thunderbird for Android does not support POP3')
  t.same(reportedFor(microsoft(imap, 'imap.mail.ru'), smtp).length, 1, 'Thunderbird for Android does not know it')
  t.same(reportedFor({ ...imap, host: 'imap.gmail.com', authentication: ['gssapi'] }, smtp).length, 1, 'no OAuth')
})

t.test('checkProvider: reports URLs that no browser can open', async t => {
  const url = 'https://['
  const lines = reported({
    password: { url },
    documentation: [{ url, text: { en: 'Help' } }],
    website: url,
    webmail: url,
    oauth: { issuer: url, scope: 'mail', authorizationUrl: url, tokenUrl: url },
    servers: [{ ...imap, authentication: ['password', 'oauth2'] }, smtp]
  })
  matchLists(t, lines, [
    /^error p\.password\.url: /,
    /^error p\.documentation\[0\]\.url: /,
    /^error p\.website: /,
    /^error p\.webmail: /,
    /^error p\.oauth\.issuer: /,
    /^error p\.oauth\.authorizationUrl: /,
    /^error p\.oauth\.tokenUrl: /
  ])
})

t.test('checkProvider: the length of a name counts the longest domain, and only warns', async t => {
  const domains = ['a.example', `${'long.'.repeat(10)}example`, '*.example.com', '*']
  const found = '57 characters with the longest domain'
  const name = '%EMAILDOMAIN%'
  t.same(reported({ domains, name }), [`warning p.name: found ${found}, but mail programs have room for 30`])
  t.same(reported({ domains, shortName: name }), [
    `warning p.shortName: found ${found}, but mail programs have room for 12`
  ])
  t.same(reported({ domains: ['*'], name, shortName: name }), [])
})
