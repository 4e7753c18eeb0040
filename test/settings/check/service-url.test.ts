import t from 'tap'
import { checkLoops, checkServiceUrl } from '../../../src/settings/check/service-url.ts'
import type { Protocol, Settings } from '../../../src/settings/schema.ts'
import { imap, smtp } from '../../support/settings/example.ts'
import { linesOf } from '../../support/settings/lines.ts'

const reported = (url: string, protocol: Protocol = 'caldav') => linesOf(checkServiceUrl(url, protocol, ['url']))

t.test('checkServiceUrl: URLs of DAV servers can contain all placeholders', async t => {
  for (const protocol of ['caldav', 'carddav', 'webdav'] as const) {
    t.same(reported('https://%EMAILDOMAIN%/dav/%EMAILADDRESS%/%EMAILLOCALPART%?d=%EMAILDOMAIN%', protocol), [])
    t.same(reported('https://dav.example.com/%C3%BC/%EMAILADDRESS%20', protocol), [])
  }
})

t.test('checkServiceUrl: URLs of other servers can contain only the domain', async t => {
  for (const protocol of ['jmap', 'activesync'] as const) {
    t.same(reported('https://%EMAILDOMAIN%/jmap/%EMAILDOMAIN%', protocol), [])
    t.same(reported('https://example.com/a/long/path/before/the/placeholder/that/is/wrong/%EMAILADDRESS%', protocol), [
      'error url: found "%EMAILADDRESS%", expected an https:// URL with no placeholder except %EMAILDOMAIN%'
    ])
  }
})

t.test('checkServiceUrl: an error names the placeholder that is wrong', async t => {
  const known = '%EMAILADDRESS%, %EMAILLOCALPART%, %EMAILDOMAIN%'
  for (const [url, wrong] of [
    ['https://a.b/%EMAILDOMAIN', '%EMAILDOMAIN'],
    ['https://a.b/%emailaddress%/', '%emailaddress%'],
    ['https://a.b/%REALNAME%/', '%REALNAME%'],
    ['https://a.b/%', '%']
  ] as const) {
    t.same(reported(url), [`error url: found "${wrong}", expected an https:// URL with no placeholder except ${known}`])
  }
})

t.test('checkServiceUrl: warns about placeholders of other programs', async t => {
  for (const foreign of ['{user}', '%25EMAILADDRESS%25']) {
    t.same(reported(`https://a.b/${foreign}/`, 'jmap'), [
      `warning url: found "${foreign}", which is not replaced, expected %EMAILDOMAIN%`
    ])
  }
})

t.test('checkServiceUrl: the host can contain only the domain', async t => {
  const where = 'expected it in the path, and only %EMAILDOMAIN% in the host'
  t.same(reported('https://%EMAILLOCALPART%.example.com/'), [`error url: found "%EMAILLOCALPART%", ${where}`])
  t.same(reported('https://example.com:443%EMAILADDRESS%?a'), [`error url: found "%EMAILADDRESS%", ${where}`])
})

t.test('checkServiceUrl: rejects an invalid URL', async t => {
  t.same(reported('https://['), [
    'error url: found "https://[", expected an https:// URL that a browser can open, such as https://dav.example.com/'
  ])
})

const tableWith = (url: string, more: Partial<Settings> = {}): Settings => ({
  ...more,
  providers: [
    { id: 'a', name: 'A', domains: ['example.com', '*.example.net', '*'], servers: [imap, smtp] },
    { id: 'b', name: 'B', domains: ['b.example'], servers: [imap, { protocol: 'caldav', url }] }
  ]
})

for (const url of [
  'https://b.example/.well-known/caldav',
  'https://B.example:443/.Well-Known/CalDAV/',
  'https://example.com/.well-known/carddav?a=1',
  'https://www.example.com/.well-known/caldav',
  'https://autoconfig.example.com/.well-known/caldav',
  'https://mail.example.net/.well-known/caldav',
  'https://%EMAILDOMAIN%/.well-known/caldav',
  'https://www.%EMAILDOMAIN%/.well-known/jmap'
]) {
  t.test(`checkLoops: warns of ${url}`, async t => {
    t.same(linesOf(checkLoops(tableWith(url))), [
      `warning providers[1].servers[1].url: found "${url}", expected the URL of the server itself: mail programs are ` +
        'redirected from this one, so it leads to itself'
    ])
  })
}

t.test('checkLoops: warns of the public URL of this service', async t => {
  const http = { publicUrl: 'https://signpost.example.org' }
  t.equal(checkLoops(tableWith('https://signpost.example.org/.well-known/caldav', { http })).length, 1)
  t.equal(checkLoops(tableWith('https://signpost.example.org/caldav', { http })).length, 0)
})

t.test('checkLoops: accepts other URLs', async t => {
  for (const url of [
    'https://dav.example.org/.well-known/caldav',
    'https://dav.%EMAILDOMAIN%/.well-known/caldav',
    'https://example.net/.well-known/caldav',
    'https://b.example/caldav',
    'https://b.example/.well-known/caldav-server',
    'https://['
  ]) {
    t.same(checkLoops(tableWith(url)), [], url)
  }
})
