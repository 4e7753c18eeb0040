import t from 'tap'
import { type RecordOptions, recommendedRecords } from '../../src/dns/recommended-records.ts'
import type { DnsRecord } from '../../src/dns/record.ts'
import { resolve } from '../../src/settings/question/resolution-order.ts'
import { tableOf } from '../support/table-of.ts'

const target = 'signpost.example.net'

/** @param servers flow mappings */
function recordsOf(servers: readonly string[], options: Partial<RecordOptions> & { readonly domain?: string } = {}) {
  const { domain = 'example.com', paccDigest, ...rest } = options
  const table = tableOf(`
providers:
  - { id: example, name: Example, domains: ["*"], servers: [${servers.map(server => `{ ${server} }`).join(', ')}] }
`)
  const resolved = resolve(table, { domain, host: undefined })
  return resolved === undefined ? [] : recommendedRecords(resolved, { target, paccDigest, ...rest })
}

/** @returns the data of a service's records: priority, port, target; "." where it is not offered */
function srvOf(records: readonly DnsRecord[], service: string): string[] {
  return records
    .filter(({ name }) => name.startsWith(`_${service}._tcp.`))
    .filter(record => record.type === 'SRV')
    .map(({ priority, port, target }) => (target === '' ? '.' : `${priority} ${port} ${target}`))
}

t.test('has the servers of the documents, and denies protocols that are not offered', async t => {
  const records = recordsOf(['protocol: imap, host: imap.example.com', 'protocol: smtp, host: smtp.example.com'])
  for (const [service, expected] of [
    ['autodiscover', ['0 443 signpost.example.net']],
    ['imaps', ['0 993 imap.example.com']],
    ['imap', ['.']],
    ['pop3s', ['.']],
    ['pop3', ['.']],
    ['submissions', ['0 465 smtp.example.com']],
    ['submission', ['.']],
    // aerc looks up this name.
    ['smtps', ['0 465 smtp.example.com']],
    ['sieve', []],
    ['jmap', []],
    ['caldavs', []],
    ['caldav', []]
  ] as const) {
    t.same(srvOf(records, service), expected, service)
  }
})

t.test('points the hosts that programs request to Signpost, except for its own name', async t => {
  const hosts = (records: readonly DnsRecord[]) => records.filter(({ type }) => type === 'CNAME')
  const server = ['protocol: imap, host: imap.example.com']
  t.same(
    hosts(recordsOf(server)),
    ['autoconfig', 'autodiscover'].map(label => {
      return { name: `${label}.example.com`, type: 'CNAME', target }
    })
  )
  t.same(
    hosts(recordsOf(server, { target: 'autoconfig.example.com' })).map(({ name }) => name),
    ['autodiscover.example.com']
  )
})

t.test('omits autodiscover if Outlook is redirected to an Exchange server of that name', async t => {
  const namesWith = (redirect: string) => {
    const table = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com]
    autodiscover: { redirect: "${redirect}" }
    servers: [{ protocol: imap, host: imap.example.com }]
`)
    const resolved = resolve(table, { domain: 'example.com', host: undefined })
    const records = resolved && recommendedRecords(resolved, { target, paccDigest: undefined })
    return records?.map(({ name }) => name).filter(name => /autod/.test(name))
  }
  t.same(namesWith('https://autodiscover.%EMAILDOMAIN%/'), ['_autodiscover._tcp.example.com'])
  t.same(namesWith('https://exchange.%EMAILDOMAIN%/'), ['autodiscover.example.com', '_autodiscover._tcp.example.com'])
})

t.test('omits the hosts of dialects that are off', async t => {
  const namesWithout = (off: string) => {
    const table = tableOf(`
providers:
  - id: example
    name: Example
    domains: [example.com]
    dialects: { ${off} }
    servers: [{ protocol: imap, host: imap.example.com }]
`)
    const resolved = resolve(table, { domain: 'example.com', host: undefined })
    const records = resolved && recommendedRecords(resolved, { target, paccDigest: undefined })
    return records?.map(({ name }) => name).filter(name => /auto/.test(name))
  }
  t.same(namesWithout('thunderbird: false'), ['autodiscover.example.com', '_autodiscover._tcp.example.com'])
  t.same(namesWithout('outlook: false'), ['autoconfig.example.com', 'autodiscover.example.com'])
  t.same(namesWithout('outlook: false, outlook-json: false'), ['autoconfig.example.com'])
})

t.test('alternatives with the same security follow with a lower preference, and others are omitted', async t => {
  const records = recordsOf([
    'protocol: imap, host: a.example',
    'protocol: imap, host: b.example, port: 4444',
    'protocol: imap, host: c.example, security: starttls',
    'protocol: smtp, host: d.example, security: starttls',
    'protocol: smtp, host: e.example'
  ])
  t.same(srvOf(records, 'imaps'), ['0 993 a.example', '1 4444 b.example'])
  t.same(srvOf(records, 'imap'), [])
  t.same(srvOf(records, 'submission'), ['0 587 d.example'])
  t.same(srvOf(records, 'submissions'), [])
  t.same(srvOf(records, 'smtps'), [])
})

t.test('does not deny implicit TLS if there is STARTTLS, because EmailEngine would stop there', async t => {
  const records = recordsOf(['protocol: imap, host: a.example, security: starttls'])
  t.same(srvOf(records, 'imap'), ['0 143 a.example'])
  t.same(srvOf(records, 'imaps'), [])
})

t.test('neither names nor denies servers without encryption', async t => {
  const records = recordsOf([
    'protocol: imap, host: a.example, security: none, allowPlaintext: true',
    'protocol: imap, host: b.example',
    'protocol: smtp, host: c.example',
    'protocol: smtp, host: d.example, security: none, allowPlaintext: true'
  ])
  t.same(srvOf(records, 'imap'), [])
  t.same(srvOf(records, 'imaps'), [])
  t.same(srvOf(records, 'submissions'), ['0 465 c.example'])
  t.same(srvOf(records, 'submission'), [])
})

t.test(
  'names no mail server if the login name is not the address, because programs would log in with the address',
  async t => {
    const users = 'users: { type: sqlite, file: a, query: "SELECT * FROM b WHERE c = :address", unknown: "u###" }\n'
    for (const [before, username] of [
      ['', 'username: "%EMAILLOCALPART%",'],
      [users, '']
    ]) {
      const table = tableOf(
        `${before}providers: [{ id: a, name: A, domains: [example.com], ${username} servers: [{ protocol: imap, host: a.example }] }]`
      )
      const resolved = resolve(table, { domain: 'example.com', host: undefined })
      t.same(srvOf(resolved ? recommendedRecords(resolved, { target, paccDigest: undefined }) : [], 'imaps'), [])
    }
  }
)

t.test('names DAV, JMAP and Sieve servers of the table', async t => {
  const records = recordsOf([
    'protocol: caldav, url: "https://dav.%EMAILDOMAIN%:8443/caldav/a%20b?c"',
    'protocol: caldav, url: https://other.example/',
    'protocol: carddav, url: https://Bücher.example',
    'protocol: jmap, url: https://jmap.example.com/session',
    'protocol: managesieve, host: sieve.example.com'
  ])
  t.same(srvOf(records, 'caldavs'), ['0 8443 dav.example.com'])
  t.same(srvOf(records, 'caldav'), ['.'])
  t.same(srvOf(records, 'carddavs'), ['0 443 xn--bcher-kva.example'])
  t.same(srvOf(records, 'jmap'), ['0 443 jmap.example.com'])
  t.same(srvOf(records, 'sieve'), ['0 4190 sieve.example.com'])
  t.same(
    records.filter(({ type }) => type === 'TXT'),
    [
      { name: '_caldavs._tcp.example.com', type: 'TXT', text: 'path=/caldav/a%20b' },
      { name: '_carddavs._tcp.example.com', type: 'TXT', text: 'path=/' }
    ]
  )
})

t.test('contains no IP address', async t => {
  const records = recordsOf([
    'protocol: jmap, url: https://192.0.2.1/',
    'protocol: caldav, url: "https://[2001:db8::1]/"'
  ])
  t.same([...srvOf(records, 'jmap'), ...srvOf(records, 'caldavs')], [])
})

t.test('fills the placeholders of a host for each domain', async t => {
  const server = ['protocol: imap, host: "mail.%EMAILDOMAIN%"']
  t.same(srvOf(recordsOf(server, { domain: 'a.example' }), 'imaps'), ['0 993 mail.a.example'])
})

t.test('omits names that are too long for the DNS', async t => {
  // Why 239 characters: only the names of some services fit in front of it.
  const domain = `${'a.'.repeat(116)}example`
  const servers = ['protocol: imap, host: "imap.%EMAILDOMAIN%"', 'protocol: smtp, host: smtp.example.com']
  const records = recordsOf(servers, { domain })
  t.same(
    ['imaps', 'smtps', 'submissions', 'submission'].map(service => srvOf(records, service)),
    [[`0 993 imap.${domain}`], ['0 465 smtp.example.com'], [], []]
  )
  t.equal(Math.max(...records.map(({ name }) => name.length)), 252)
  const longer = recordsOf(['protocol: imap, host: "a-long-name-of-a-host.%EMAILDOMAIN%"'], {
    domain: `${'a.'.repeat(118)}example`
  })
  t.same(srvOf(longer, 'imaps'), [])
})

t.test('has the host and the digest of the PACC document if there is one', async t => {
  const records = recordsOf(['protocol: imap, host: imap.example.com'], { paccDigest: 'AAAA=' })
  t.same(
    records.filter(({ name }) => name.endsWith('ua-auto-config.example.com')),
    [
      { name: 'ua-auto-config.example.com', type: 'CNAME', target },
      { name: '_ua-auto-config.example.com', type: 'TXT', text: 'v=UAAC1; a=sha256; d=AAAA=' }
    ]
  )
})
