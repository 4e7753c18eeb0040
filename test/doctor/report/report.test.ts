/**
 * Servers to probe, and reports of an examination.
 */
import t from 'tap'
import { createLineFormatter } from '../../../src/cli/colour.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import type { Finding } from '../../../src/doctor/finding.ts'
import { advertisedServers, advertisedServices } from '../../../src/doctor/look/advertised-servers.ts'
import { lookUp } from '../../../src/doctor/look/dns-records.ts'
import type { Examination, Visit } from '../../../src/doctor/look/examination.ts'
import { toSubject } from '../../../src/doctor/look/examined-domain.ts'
import { visit as follow } from '../../../src/doctor/look/follow-redirects.ts'
import { dnsRows } from '../../../src/doctor/report/dns-rows.ts'
import { jsonReport } from '../../../src/doctor/report/json-report.ts'
import { report } from '../../../src/doctor/report/report.ts'
import { createNetworkWorld } from '../../../src/network/network-world.ts'
import type { RecordType, Resolver } from '../../../src/network/resolver.ts'
import type { Probe } from '../../../src/probes/probe.ts'
import { autodiscover, changed, imap } from '../../support/clients/plain-document.ts'
import {
  account,
  answer,
  autoconfigUrl,
  certificate,
  davProbe,
  davProgram,
  exchange,
  program,
  seen,
  visit
} from '../../support/doctor/seen.ts'
import { matchLists } from '../../support/match-lists.ts'

const paint = createLineFormatter({ env: {}, isTerminal: { out: false, err: false } })
const linesOf = (parts: Partial<Examination>) =>
  report(seen(parts), { findings: [], ms: 1234, isVerbose: true }).map(paint)
const xml = (body: string) =>
  visit('autoconfig', [exchange(autoconfigUrl, { headers: { 'content-type': 'text/xml' }, body })])
const places = (parts: Partial<Examination>) => {
  const reading = seen(parts)
  return advertisedServers(reading, reading.advertisements)
}
const srv = (target: string, port: number) => ({ priority: 0, weight: 1, port, target })

t.test('toSubject: uses an address unchanged, and the postmaster of a domain', async t => {
  t.same(toSubject('Jane+x@Bücher.Example'), {
    ...{ domain: 'xn--bcher-kva.example', address: 'Jane+x@xn--bcher-kva.example', isAddressTyped: true }
  })
  t.same(toSubject('Example.COM.'), { domain: 'example.com', address: 'postmaster@example.com', isAddressTyped: false })
  for (const text of ['', '@', 'a b', '192.0.2.1', 'jane@', 'https://example.com']) t.equal(toSubject(text), undefined)
})

t.test('lookUp: follows names in the DNS, up to twenty hosts', async t => {
  const asked: string[] = []
  const exchangers = Array.from({ length: 30 }, (_, index) => ({ priority: 1, exchange: `mx${index}.example.net.` }))
  const resolver: Resolver = {
    servers: [],
    async look(type, name) {
      asked.push(`${type} ${name}`)
      const records = type === 'MX' ? exchangers : name === '_imaps._tcp.example.com' ? [srv('.', 0)] : []
      return answer(type as RecordType, name, records as never) as never
    }
  }
  const answers = await lookUp('example.com', resolver)
  t.equal(answers.length, asked.length)
  t.equal(asked.filter(each => each.startsWith('A mx')).length, 20)
  t.ok(asked.includes('CAA example.com') && asked.includes('TXT _ua-auto-config.example.com'))
  t.notOk(asked.includes('A '))
})

t.test('visit: follows up to five valid redirects', async t => {
  const worldOf = (answers: Record<string, object>) =>
    createNetworkWorld(async request => exchange(request.url, answers[request.url] ?? { status: 404 }), {} as Resolver)
  const to = (location?: string) => ({ status: 301, headers: location === undefined ? {} : { location } })
  const asked = (url: string, family = 'autoconfig' as const) => ({
    family,
    request: { method: 'GET', url, headers: {} },
    isNonsense: false
  })
  const walk = async (answers: Record<string, object>) => {
    const { redirects, isLoop } = await follow(asked('http://a.test/0'), worldOf(answers))
    return [redirects.map(({ request }) => request.url), isLoop]
  }
  t.same(await walk({ 'http://a.test/0': to('/1'), 'http://a.test/1': to('https://b.test/') }), [
    ['http://a.test/1', 'https://b.test/'],
    false
  ])
  t.same(await walk({ 'http://a.test/0': to('/0') }), [[], true])
  const endless = Object.fromEntries(
    Array.from({ length: 9 }, (_, index) => [`http://a.test/${index}`, to(`/${index + 1}`)])
  )
  t.same(await walk(endless), [[1, 2, 3, 4, 5].map(index => `http://a.test/${index}`), true])
  for (const location of [undefined, 'http://', ''])
    t.same(await walk({ 'http://a.test/0': to(location) }), [[], false])
  t.same(await walk({ 'http://a.test/0': { status: 200, headers: { location: '/1' } } }), [[], false])
})

t.test('advertised servers: each appears once, with the methods from its document', async t => {
  const methods = '</authentication><authentication>SCRAM</authentication>'
  const body = changed({
    '</authentication>': methods,
    'password-cleartext': 'password-encrypted',
    '<port>465': '<port> 0465'
  })
  const [first, ...rest] = places({ visits: [xml(body)], programs: [program('thunderbird', account)] })
  t.same(first, {
    ...{ protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls' },
    ...{ authentication: ['encrypted-password'], username: 'jane@example.com' }
  })
  matchLists(t, rest, [{ protocol: 'smtp', port: 465, authentication: ['password'] }])
  t.equal(rest.length, 1)
})

t.test('advertised servers: includes servers from the DNS, but no invalid host names', async t => {
  const dns = [answer('SRV', '_sieve._tcp.example.com', [srv('Sieve.example.com.', 4190)])]
  const odd = { ...account, incoming: { ...imap, host: 'a b' }, outgoing: { ...imap, port: 0 } }
  const jmap = { ...account, incoming: { ...imap, protocol: 'jmap' as const }, outgoing: undefined }
  const byAddress = { ...account, incoming: { ...imap, host: '9.9.9.9' }, outgoing: undefined }
  const programs = [program('thunderbird', odd), program('himalaya', jmap), program('geary', byAddress)]
  matchLists(t, places({ visits: [], dns, programs }), [
    {
      protocol: 'managesieve',
      host: 'sieve.example.com',
      port: 4190,
      security: 'starttls',
      username: 'jane@example.com'
    },
    { protocol: 'imap', host: '9.9.9.9' }
  ])
  const many = Array.from({ length: 30 }, (_, port) =>
    program('geary', { ...account, incoming: { ...imap, port: port + 1 } })
  )
  t.equal(places({ visits: [xml('x')], programs: many }).length, 16)
})

t.test('advertised servers: the password is only for servers that the domain names over https', async t => {
  const body = changed({})
  const document = (...urls: [string, ...string[]]) => {
    const [first, ...others] = urls.map(url => exchange(url, { headers: { 'content-type': 'text/xml' }, body }))
    return first === undefined ? [] : [visit('autoconfig', [first, ...others])]
  }
  const unvouched = (visits: Visit[]) => places({ visits }).map(({ isUnvouched = false }) => isUnvouched)
  const plain = autoconfigUrl.replace('https:', 'http:')
  t.same(unvouched(document(autoconfigUrl)), [false, false])
  t.same(
    unvouched(document(autoconfigUrl, 'https://other.test/x')),
    [false, false],
    'an https URL may belong to another domain'
  )
  t.same(unvouched(document(plain)), [true, true])
  t.same(unvouched(document(plain, autoconfigUrl)), [true, true])
  t.same(unvouched(document(autoconfigUrl, plain)), [true, true])
  t.same(unvouched(document('https://notexample.com/x')), [true, true], 'the DNS named the host')
  t.same(unvouched([...document(plain), ...document(autoconfigUrl)]), [false, false])
})

t.test('advertised servers: an Autodiscover redirect contains no servers', async t => {
  const redirect = autodiscover.replace(
    /<Action>.*<\/Account>/s,
    '<Action>redirectUrl</Action><RedirectUrl>https://b.test/</RedirectUrl></Account>'
  )
  const leads = visit('autodiscover', [
    exchange('https://autodiscover.example.com/x', { headers: { 'content-type': 'text/xml' }, body: redirect })
  ])
  t.same(seen({ visits: [leads] }).advertisements, [])
})

t.test('advertised services: come from well-known URLs, the DNS and the programs', async t => {
  const dav = (family: 'caldav' | 'carddav' | 'jmap', response: object) =>
    visit(family, [exchange(`https://example.com/.well-known/${family}`, response)])
  const reading = seen({
    visits: [
      dav('caldav', { status: 307, headers: { location: 'https://dav.example.com/cal/' } }),
      dav('jmap', { status: 404 })
    ],
    dns: [
      answer('SRV', '_caldavs._tcp.example.com', [srv('dav.example.com', 443)]),
      answer('TXT', '_caldavs._tcp.example.com', ['x', 'path=/cal/']),
      answer('SRV', '_carddavs._tcp.example.com', [srv('dav.example.com.', 8443)]),
      answer('SRV', '_jmap._tcp.example.com', [srv('a b', 443)])
    ],
    programs: [
      program('outlook-cloud', {
        incoming: { ...imap, protocol: 'activesync' },
        ...{ outgoing: undefined, from: 'https://eas.example.com/Microsoft-Server-ActiveSync' }
      }),
      program('geary', 'nothing')
    ]
  })
  t.same(advertisedServices(reading), [
    { protocol: 'caldav', url: 'https://dav.example.com/cal/' },
    { protocol: 'carddav', url: 'https://dav.example.com:8443/.well-known/carddav' },
    { protocol: 'activesync', url: 'https://eas.example.com/Microsoft-Server-ActiveSync' }
  ])
})

t.test('dns rows: records in the usual notation', async t => {
  const dns = [
    answer('A', 'example.com', ['9.9.9.9']),
    answer('AAAA', 'example.com', ['2620:fe::9']),
    answer('MX', 'example.com', [{ priority: 0, exchange: '' }]),
    answer('TXT', 'example.com', ['v=spf1 -all', 'x']),
    answer('CAA', 'example.com', [{ tag: 'issue', value: 'a.example' }]),
    answer('SRV', '_imap._tcp.example.com', [srv('.', 0)]),
    answer('SRV', '_imaps._tcp.example.com', [srv('imap.example.com', 993)]),
    answer('SRV', '_pop3._tcp.example.com', []),
    answer('CNAME', 'autoconfig.example.com', [], 'timeout')
  ]
  t.same(dnsRows({ dns, subject: { domain: 'example.com', address: '', isAddressTyped: true } }), [
    {
      name: 'example.com',
      records: ['A 9.9.9.9', 'AAAA 2620:fe::9', 'MX . (0)', 'TXT "v=spf1 -all"', 'TXT "x"', 'CAA issue a.example'],
      faults: []
    },
    { name: '_imap._tcp.example.com', records: ['SRV not offered'], faults: [] },
    { name: '_imaps._tcp.example.com', records: ['SRV imap.example.com:993'], faults: [] },
    { name: 'autoconfig.example.com', records: [], faults: ['CNAME: timeout'] }
  ])
  matchLists(t, linesOf({ dns }).slice(0, 7), [
    'example.com, examined as jane@example.com',
    '',
    'Verdict',
    '  ok      No problems; examined in 1.2 s.',
    '',
    'DNS',
    /9\.9\.9\.9.*TXT "x"/
  ])
  const none = [answer('CNAME', 'autodiscover.example.com', [])]
  t.ok(linesOf({ dns: none }).includes(`  –       ${'autodiscover.example.com'.padEnd(38)} nothing`))
  t.ok(linesOf({ dns }).includes(`  failed  ${'autoconfig.example.com'.padEnd(38)} CNAME: timeout`))
})

t.test('report: discovery shows the result of each URL', async t => {
  const first = exchange('https://a.test/?q=1', { status: 302, headers: { location: 'https://b.test/' } })
  const lines = linesOf({
    visits: [
      visit('autoconfig', [
        first,
        exchange('https://b.test/', { status: 502 }, { tls: { ...certificate, validTo: Number.NaN } })
      ]),
      visit('autoconfig', [first, first, exchange('https://b.test/', { status: 502 })]),
      visit('autoconfig', [first], { isLoop: true }),
      visit('autoconfig', [exchange('https://c.test/', { kind: 'no-host' })]),
      visit('autoconfig', [exchange('https://d.test/', { kind: 'timeout' })]),
      visit('autoconfig', [exchange('https://e.test/', { status: 404 })]),
      visit('autoconfig', [exchange('https://f.test/', 'x')], { isNonsense: true })
    ]
  })
  t.same(lines.slice(lines.indexOf('Discovery') + 1, lines.indexOf('Programs') - 1), [
    '  502     GET https://a.test/ after 1 redirect, at https://b.test/, certificate until an unknown day, 12 ms',
    '  502     GET https://a.test/ after 2 redirects, at https://b.test/, 12 ms',
    '  loop    GET https://a.test/ to https://b.test/, 12 ms',
    '  –       GET https://c.test/ it failed, 12 ms',
    '  –       GET https://d.test/ it failed, 12 ms',
    '  404     GET https://e.test/ 12 ms'
  ])
})

t.test('report: programs show their servers, differences, or failed requests', async t => {
  const trace = Array.from({ length: 7 }, (_, index) => ({ asked: `GET https://a.test/${index}?q=1`, result: '404' }))
  const odd = { ...account, incoming: { ...imap, port: 143 }, outgoing: undefined }
  const programs = [program('thunderbird', account), program('kde', odd), program('geary', 'proposes', trace)]
  const lines = linesOf({ programs })
  const indent = ' '.repeat(45)
  t.same(lines.slice(lines.indexOf('Programs') + 1), [
    `  ok      ${'Thunderbird'.padEnd(34)} imap imap.example.com:993 tls, smtp smtp.example.com:465 tls from https://autoconfig.example.com/x, asked 0`,
    `  differs ${'KMail'.padEnd(34)} imap imap.example.com:143 tls from https://autoconfig.example.com/x, asked 0`,
    `${indent}uses imap imap.example.com:143 tls, others use imap imap.example.com:993 tls`,
    `  nothing ${'Geary'.padEnd(34)} proposes`,
    ...[0, 1, 2, 3].map(index => `${indent}GET https://a.test/${index}: 404`),
    `${indent}and 3 more`
  ])
})

const probe: Probe = {
  server: {
    protocol: 'imap',
    host: 'imap.example.com',
    port: 993,
    security: 'tls',
    authentication: ['password'],
    username: 'jane'
  },
  ...{ greeting: 'OK', tls: undefined, capabilities: [], authentication: [], plaintextRefused: undefined },
  ...{ logIn: 'not tried', faults: [], ms: 3.4 }
}
const service = {
  service: { protocol: 'caldav', url: 'https://dav.example.com/' },
  ...{
    status: 401,
    url: 'https://dav.example.com/',
    capabilities: ['1', 'access'],
    authentication: [],
    faults: [],
    ms: 5
  }
} as const
const fault = { rule: 'server.x', message: 'It is odd.', remedy: 'Look.' }

t.test('report: servers show their answers and a rating', async t => {
  const lines = linesOf({
    servers: [
      { ...probe, logIn: 'accepted', capabilities: ['a'], authentication: ['password'] },
      { ...probe, faults: [{ ...fault, severity: 'warning' }] }
    ],
    services: [service, { ...service, status: undefined, capabilities: [], faults: [{ ...fault, severity: 'error' }] }]
  })
  t.same(lines.slice(lines.indexOf('Servers') + 1), [
    '  ok      imap imap.example.com:993 tls takes password, login accepted, 1 capabilities, 3 ms',
    '  warning imap imap.example.com:993 tls 3 ms',
    '  ok      caldav https://dav.example.com/ 401, 1, access, 5 ms',
    '  faulty  caldav https://dav.example.com/ 5 ms'
  ])
})

t.test('report: a broken server affects programs that find their settings', async t => {
  const finding = {
    ...fault,
    severity: 'error',
    subject: 'imap imap.example.com:993',
    clients: ['thunderbird']
  } as const
  const note = { ...finding, severity: 'info', rule: 'dns.x', clients: [] } as const
  const textOf = (...findings: (typeof finding | typeof note)[]) =>
    report(seen({}), { findings, ms: 50 })
      .map(paint)
      .join('\n')
      .replace(/^.*\nVerdict\n/s, '')
      .replace(/\n\nDNS\n.*/s, '')
  t.equal(
    textOf(finding, note),
    `  faulty  1 error, 1 note; examined in 0.1 s.
  error   imap imap.example.com:993: It is odd. Look.

Findings
  error   imap imap.example.com:993 server.x
          It is odd.
          Affects: Thunderbird.
          Remedy: Look.
  note    imap imap.example.com:993 dns.x
          It is odd.
          Remedy: Look.`
  )
  t.equal(textOf(note, note).split('\n')[0], '  ok      No problems, with 2 notes; examined in 0.1 s.')
})

t.test('report: the verdict has three lines at most', async t => {
  const finding = { ...fault, severity: 'error', subject: 'a.example', clients: [] } as const
  const verdictOf = (...findings: Finding[]) => {
    const lines = report(seen({}), { findings, ms: 50 }).map(paint)
    return lines.slice(lines.indexOf('Verdict') + 1, lines.indexOf('Findings') - 1)
  }
  const first = '  error   a.example: It is odd. Look.'
  t.same(verdictOf(finding, { ...finding, subject: 'b.example', severity: 'warning' }), [
    '  faulty  1 error, 1 warning; examined in 0.1 s.',
    first,
    '  warning b.example: It is odd. Look.'
  ])
  t.same(verdictOf(finding, finding, finding, { ...finding, severity: 'info' }), [
    '  faulty  3 errors, 1 note; examined in 0.1 s.',
    first,
    '          and 2 more below'
  ])
  t.same(verdictOf({ ...finding, others: ['b.example', 'c.example'] })[1], first.replace(':', ' and 2 more:'))
  const lines = report(seen({}), { findings: [{ ...finding, others: ['b.example'] }], ms: 50 }).map(paint)
  t.match(lines.join('\n'), '\n  error   a.example server.x\n          b.example\n          It is odd.\n')
})

t.test('report: shows only problems, unless it is verbose', async t => {
  const visits = [
    visit('autoconfig', [exchange('https://a.test/', { status: 404 })]),
    visit('autoconfig', [exchange('https://b.test/', { status: 502 })])
  ]
  const textOf = (isVerbose: boolean, dns: Examination['dns']) =>
    report(seen({ visits, dns }), { findings: [], ms: 1, isVerbose }).map(paint).join('\n')
  const dns = [answer('A', 'autoconfig.example.com', [], 'timeout')]
  t.match(textOf(false, dns), '\n  502     GET https://b.test/ 12 ms\n  1 without a problem (--verbose shows them)\n')
  t.match(textOf(false, dns), /\nDNS\n {2}failed {2}autoconfig\.example\.com +A: timeout\n\n/)
  t.notMatch(textOf(false, dns), 'https://a.test/')
  t.match(textOf(true, dns), 'https://a.test/')
  t.notMatch(textOf(true, dns), '--verbose')
})

t.test('report: a domain that does not exist takes five lines', async t => {
  const dns = [answer('A', 'example.com', [], 'missing')]
  const evidence = seen({ dns })
  const findings = diagnose(evidence)
  const lines = report(evidence, { findings, ms: 50 }).map(paint)
  t.same(lines.slice(1), [
    '',
    'Verdict',
    '  faulty  1 error; examined in 0.1 s.',
    '  error   example.com: The domain does not exist. Register it, or fix its delegation.'
  ])
  t.ok(report(evidence, { findings, ms: 50, isVerbose: true }).length > 10)
})

t.test('JSON report: no login names, null for invalid dates, programs without settings', async t => {
  const tls = { ...certificate, validTo: Number.NaN, fault: 'expired' as const }
  const reading = seen({
    visits: [visit('autoconfig', [exchange(autoconfigUrl, { kind: 'certificate' }, { tls })])],
    programs: [program('geary', 'proposes'), program('kde', { ...account, outgoing: undefined })],
    ...{ servers: [probe], services: [service] }
  })
  const text = jsonReport(reading, { findings: [], ms: 1.5 })
  t.notMatch(text, '"jane"')
  matchLists(t, JSON.parse(text), {
    ...{ at: '2026-11-24T12:00:00.000Z', ms: 2, isWell: true },
    urls: [
      {
        status: null,
        contentType: null,
        fault: { kind: 'certificate', message: 'it failed' },
        certificate: { validTo: null, fault: 'expired' }
      }
    ],
    programs: [
      {
        client: 'geary',
        verdict: 'nothing',
        reason: 'proposes',
        remedy: 'Geary cannot look up this address.',
        took: null
      },
      { took: { outgoing: null, incoming: { host: 'imap.example.com' } } }
    ],
    servers: [{ protocol: 'imap', host: 'imap.example.com', greeting: 'OK' }],
    services: [
      { protocol: 'caldav', url: 'https://dav.example.com/', answeredBy: 'https://dav.example.com/', status: 401 }
    ]
  })
})

t.test('evidence: programs that use only JMAP do not differ', async t => {
  const jmap = { incoming: { ...imap, protocol: 'jmap' as const }, outgoing: undefined, from: 'x' }
  matchLists(t, seen({ programs: [program('himalaya', jmap)] }), {
    agreed: undefined,
    verdicts: [{ verdict: 'same', reason: '' }]
  })
})

t.test('colour: on a terminal, unless NO_COLOR or FORCE_COLOR decide otherwise', async t => {
  const isColoured = (env: Record<string, string>, out: boolean) =>
    createLineFormatter({ env, isTerminal: { out, err: false } })([{ style: 'good', text: 'ok' }, ' fine']).includes(
      '\u001b[32mok\u001b[0m fine'
    )
  t.equal(isColoured({}, true), true)
  t.equal(isColoured({}, false), false)
  t.equal(isColoured({ NO_COLOR: '1' }, true), false)
  t.equal(isColoured({ NO_COLOR: '', TERM: 'xterm' }, true), true)
  t.equal(isColoured({ NO_COLOR: '1', FORCE_COLOR: '1' }, false), false)
  t.equal(isColoured({ FORCE_COLOR: '1' }, false), true)
  t.equal(isColoured({ FORCE_COLOR: '0' }, true), false)
  t.equal(isColoured({ TERM: 'dumb' }, true), false)
})

t.test('colour: control characters are escaped, and long pieces are shortened', async t => {
  t.equal(paint(['a\u001b]0;x\u0007\nb\u202e']), 'a\\u{1b}]0;x\\u{7}\\u{a}b\\u{202e}')
  t.equal(paint(['x'.repeat(401)]), `${'x'.repeat(400)}…`)
})

t.test('report: the JSON has the OAuth servers and the results for their metadata', async t => {
  const oauth = (issuer: string, clientId?: string) => ({
    ...{ from: autoconfigUrl, issuer, clientId, mayHaveClientId: true },
    ...{ scope: undefined, authorizationUrl: undefined, tokenUrl: undefined }
  })
  const url = 'https://auth.example.com/.well-known/oauth-authorization-server'
  const evidence = seen({
    oauth: [
      { announced: oauth('login.example.com'), exchange: undefined },
      { announced: oauth('https://auth.example.com', 'mail'), exchange: exchange(url, '{}') },
      { announced: oauth('https://auth.example.com'), exchange: exchange(url, { kind: 'refused' }) }
    ]
  })
  const from = autoconfigUrl
  const issuer = 'https://auth.example.com'
  t.same(JSON.parse(jsonReport(evidence, { findings: [], ms: 1 })).oauth, [
    { from, issuer: 'login.example.com', clientId: null, metadataUrl: null, status: null, fault: null },
    { from, issuer, clientId: 'mail', metadataUrl: url, status: 200, fault: null },
    { from, issuer, clientId: null, metadataUrl: url, status: null, fault: { kind: 'refused', message: 'it failed' } }
  ])
})

t.test('report: what programs for calendars and contacts find', async t => {
  const caldav = 'https://dav.example.com/caldav/'
  const trace = [{ asked: 'SRV _caldavs._tcp.example.com', result: '0 records' }]
  const davPrograms = [davProgram('davx5', { caldav }, trace), davProgram('thunderbird-dav', {})]
  const linesFor = (services: Examination['services']) => linesOf({ davPrograms, services })
  const calendars = linesFor([davProbe('caldav')])
  const start = calendars.indexOf('Calendars and contacts')
  t.same(calendars.slice(start + 1, start + 3), [
    `  ok      ${'DAVx5'.padEnd(46)} caldav ${caldav} asked 1`,
    `  lacks   ${'Thunderbird, calendars and address books'.padEnd(46)} caldav nothing asked 0`
  ])
  t.match(
    linesFor([davProbe('caldav'), davProbe('carddav')]).join('\n'),
    `  lacks   ${'DAVx5'.padEnd(46)} caldav ${caldav}, carddav nothing`
  )
  t.notMatch(linesOf({}).join('\n'), 'Calendars and contacts')
  const { davPrograms: written } = JSON.parse(jsonReport(seen({ davPrograms }), { findings: [], ms: 1 }))
  t.same(written, [
    { client: 'davx5', title: 'DAVx5', caldav, carddav: null, asked: trace },
    {
      client: 'thunderbird-dav',
      title: 'Thunderbird, calendars and address books',
      caldav: null,
      carddav: null,
      asked: []
    }
  ])
})
