/**
 * Each rule separately, with hand-made examinations.
 */
import t from 'tap'
import { diagnose } from '../../src/doctor/diagnose.ts'
import type { Finding } from '../../src/doctor/finding.ts'
import type { Examination } from '../../src/doctor/look/examination.ts'
import { jsonReport } from '../../src/doctor/report/json-report.ts'
import type { DnsAnswer, DnsFault } from '../../src/network/resolver.ts'
import type { CertificateFault } from '../../src/network/tls-details.ts'
import { autodiscover, changed, clientConfig, imap, smtp } from '../support/clients/plain-document.ts'
import {
  account,
  answer,
  autoconfigUrl,
  certificate,
  davProbe,
  davProgram,
  day,
  exchange,
  findings,
  now,
  program,
  seen,
  visit
} from '../support/doctor/seen.ts'
import { matchLists } from '../support/match-lists.ts'

const mx = answer('MX', 'example.com', [{ priority: 1, exchange: 'mx.example.com' }])
const summaries = (found: readonly Finding[]) =>
  found.map(({ severity, rule, subject }) => `${severity} ${rule} ${subject}`)
const rules = (parts: Partial<Examination>) => summaries(findings(parts))
const only = (parts: Partial<Examination>) => findings(parts)[0]
const xml = { headers: { 'content-type': 'text/xml' }, body: clientConfig }
const srv = (target: string, port = 993) => ({ priority: 0, weight: 1, port, target })

t.test('diagnose: a healthy domain has no findings', async t => {
  t.same(rules({}), [])
})

t.test('dns: a domain that does not exist is the only finding', async t => {
  const dns = [answer('A', 'example.com', [], 'missing'), answer('MX', 'example.com', [], 'missing')]
  t.same(summaries(diagnose(seen({ dns, visits: [], programs: [program('geary', 'nothing')] }))), [
    'error dns.no-such-domain example.com'
  ])
})

t.test('dns: each kind of failed lookup has a rule, with one finding for each name', async t => {
  for (const [fault, rule] of [
    ['SERVFAIL', 'dns.servfail'],
    ['REFUSED', 'dns.refused'],
    ['timeout', 'dns.timeout'],
    ['unreachable', 'dns.unreachable'],
    ['malformed', 'dns.malformed']
  ] as const satisfies readonly (readonly [DnsFault, string])[]) {
    const dns = [mx, answer('A', 'www.example.com', [], fault), answer('AAAA', 'www.example.com', [], fault)]
    t.same(rules({ dns }), [`error ${rule} www.example.com`])
    t.match(only({ dns })?.message, '(A, AAAA).')
  }
  t.same(rules({ dns: [answer('MX', 'example.com', [], 'SERVFAIL')] }), ['error dns.servfail example.com'])
})

t.test('dns: a fault affects programs that look up the name or contact the host', async t => {
  const name = '_imaps._tcp.example.com'
  const programs = [program('fairemail', account, [{ asked: `SRV ${name}`, result: '0 records' }])]
  t.same(only({ dns: [mx, answer('SRV', name, [], 'SERVFAIL')], programs })?.clients, ['fairemail'])
})

t.test('dns: a domain needs an MX record, and its exchangers need addresses', async t => {
  const noMail = 'warning dns.no-mx example.com'
  t.same(rules({ dns: [answer('MX', 'example.com', [])] }), [noMail])
  t.same(rules({ dns: [answer('MX', 'example.com', [{ priority: 0, exchange: '' }])] }), [noMail], 'RFC 7505')
  const lost = [mx, answer('A', 'mx.example.com', []), answer('AAAA', 'mx.example.com', [])]
  t.same(rules({ dns: lost }), ['error dns.mx-without-address mx.example.com'])
  t.same(rules({ dns: [mx, answer('A', 'mx.example.com', []), answer('AAAA', 'mx.example.com', ['2a00::1'])] }), [])
})

t.test('dns: an alias must lead to a host, and a host must have a public address', async t => {
  const name = 'autoconfig.example.com'
  const alias = answer('CNAME', name, ['gone.example.com'])
  t.same(rules({ dns: [mx, alias, answer('A', name, [])] }), [`error dns.dangling-alias ${name}`])
  t.same(rules({ dns: [mx, alias, answer('A', name, [], 'SERVFAIL')] }), [`error dns.servfail ${name}`])
  const dns = [mx, answer('A', name, ['10.0.0.1'])]
  t.same(rules({ dns }), [`error dns.private-address ${name}`])
  t.same(rules({ dns, allowPrivate: true }), [], 'private addresses are expected on an internal network')
  t.same(rules({ dns: [mx, answer('A', name, ['10.0.0.1']), answer('AAAA', name, ['2a00::1'])] }), [])
})

t.test('dns: SRV records must name hosts, not aliases', async t => {
  const name = '_imaps._tcp.example.com'
  const record = answer('SRV', name, [srv('imap.example.com.'), srv('.')])
  t.same(rules({ dns: [mx, record, answer('A', 'imap.example.com', [])] }), [`error dns.srv-without-address ${name}`])
  const alias = answer('CNAME', 'imap.example.com', ['mail.example.com'])
  t.same(rules({ dns: [mx, record, answer('A', 'imap.example.com', ['9.9.9.9']), alias] }), [
    `info dns.srv-alias ${name}`
  ])
})

t.test('dns: reports a CAA record that forbids all certificates', async t => {
  const caa = (...values: string[]) =>
    answer(
      'CAA',
      'example.com',
      values.map(value => ({ tag: 'issue', value }))
    )
  t.same(rules({ dns: [mx, caa(';')] }), ['warning dns.caa-forbids example.com'])
  t.same(rules({ dns: [mx, caa(';', 'letsencrypt.org; validationmethods=dns-01')] }), [])
})

t.test('certificate: each reason for refusal has a rule', async t => {
  for (const [fault, rule] of [
    ['expired', 'certificate.expired'],
    ['not-yet-valid', 'certificate.not-yet-valid'],
    ['name', 'certificate.name'],
    ['self-signed', 'certificate.self-signed'],
    ['incomplete', 'certificate.incomplete'],
    ['untrusted', 'certificate.untrusted']
  ] as const satisfies readonly (readonly [CertificateFault, string])[]) {
    const tls = { ...certificate, fault }
    const visits = [visit('autoconfig', [exchange(autoconfigUrl, { kind: 'certificate' }, { tls })])]
    t.same(rules({ visits }), [`error ${rule} https://autoconfig.example.com`])
  }
})

t.test('certificate: lists the first names, and survives an unreadable date', async t => {
  const message = (tls: object) => {
    const faulty = { ...certificate, fault: 'name' as const, ...tls }
    return only({ visits: [visit('autoconfig', [exchange(autoconfigUrl, { kind: 'certificate' }, { tls: faulty })])] })
      ?.message
  }
  t.match(message({ names: ['a', 'b', 'c', 'd', 'e'] }), 'for a, b, c and 2 more, not for autoconfig.example.com')
  t.match(message({ names: [] }), 'for example.com, not')
  t.match(message({ names: [], subject: '' }), 'for no name, not')
  t.match(message({ fault: 'expired', validTo: Number.NaN }), 'expired on an unknown day.')
})

t.test('certificate: reports one that expires within 14 days, once per host', async t => {
  const rulesAt = (days: number) =>
    rules({
      visits: [
        visit('autoconfig', [exchange(autoconfigUrl, xml, { tls: { ...certificate, validTo: now + days * day } })])
      ]
    })
  t.same(rulesAt(14), [])
  t.same(rulesAt(13.9), ['warning certificate.expires-soon https://autoconfig.example.com'])
})

t.test('http: reports each unresponsive host and port once', async t => {
  for (const [kind, expected] of [
    ['timeout', 'error http.no-answer'],
    ['refused', 'info http.refused'],
    ['tls', 'error http.no-tls'],
    ['broken', 'error http.broken'],
    ['too-large', 'error http.too-large'],
    ['no-host', undefined],
    ['no-time', undefined]
  ] as const) {
    const far = (path: string) => visit('autoconfig', [exchange(`https://other.example.com/${path}`, { kind })])
    const visits = [visit('autoconfig', [exchange(autoconfigUrl, xml)]), far('a'), far('b')]
    t.same(rules({ visits }), expected === undefined ? [] : [`${expected} https://other.example.com`])
  }
})

t.test('http: a closed port is an error if a program needs it', async t => {
  const url = 'http://other.example.com/a'
  const visits = [visit('autoconfig', [exchange(url, { kind: 'refused' })])]
  const programs = [
    program('thunderbird', account, [{ asked: 'MX example.com', result: '1 record' }]),
    program('geary', 'proposes', [{ asked: `GET ${url}`, result: 'connection refused' }])
  ]
  matchLists(t, findings({ visits, programs })[0], { rule: 'http.refused', severity: 'error', clients: ['geary'] })
})

t.test(
  'http: a response that takes more than two fifths of the timeout is slow; the slowest of a host is reported',
  async t => {
    const slow = (ms: number) => visit('autoconfig', [exchange(autoconfigUrl, xml, { ms })])
    t.same(rules({ visits: [slow(2000)] }), [])
    const visits = [slow(2500), slow(4000), slow(3000)]
    t.same(rules({ visits }), ['warning http.slow https://autoconfig.example.com'])
    t.equal(only({ visits })?.message, 'The response takes 4.0 s, and programs give up after 5 s.')
  }
)

t.test('http: each status except success and not found has a rule', async t => {
  for (const [status, expected] of [
    [401, 'error http.unauthorized'],
    [403, 'warning http.forbidden'],
    [429, 'warning http.forbidden'],
    [404, undefined],
    [405, undefined],
    [502, 'error http.server-error']
  ] as const) {
    const visits = [
      visit('autoconfig', [exchange(autoconfigUrl, xml)]),
      visit('pacc', [exchange('https://a.example/b', { status })])
    ]
    t.same(rules({ visits }), expected === undefined ? [] : [`${expected} https://a.example/b`])
  }
  const dav = visit('caldav', [exchange('https://example.com/.well-known/caldav', { status: 401 })])
  t.same(
    rules({ visits: [visit('autoconfig', [exchange(autoconfigUrl, xml)]), dav] }),
    [],
    'calendars may require a login'
  )
})

t.test('http: reports redirect loops, redirects to private addresses, and redirects to a document', async t => {
  const first = exchange(autoconfigUrl, { status: 302, headers: { location: '/b' } })
  const further = 'https://autoconfig.example.com/b'
  const after = (last: ReturnType<typeof exchange>, isLoop = false) =>
    rules({ visits: [visit('autoconfig', [first, last], { isLoop })] }).filter(each => !each.includes('document.no-'))
  t.same(after(first, true), [`error http.redirect-loop ${autoconfigUrl}`])
  t.same(after(exchange(further, { kind: 'private-address' })), [`error http.redirect-private ${autoconfigUrl}`])
  t.same(after(exchange(further, xml)), [`warning http.redirect ${autoconfigUrl}`])
  t.same(after(exchange(further, { status: 404 })), [])
})

t.test('http: reports success for documents that cannot exist, but not the other URLs of that host', async t => {
  const page = { headers: { 'content-type': 'text/html' }, body: 'Welcome' }
  const visits = [
    visit('autoconfig', [exchange('https://autoconfig.example.com/nonsense', page)], { isNonsense: true }),
    visit('autoconfig', [exchange(autoconfigUrl, page)]),
    visit('autodiscover', [exchange('https://autodiscover.example.com/a', '  <!DOCTYPE html>')])
  ]
  t.same(rules({ visits }).slice(0, 2), [
    'error http.soft-404 https://autoconfig.example.com',
    'error http.html https://autodiscover.example.com/a'
  ])
})

t.test('document: reports the reason why a document is unreadable', async t => {
  for (const [family, body, reason] of [
    ['autoconfig', 'x', "not well-formed XML: char 'x' is not expected (line 1, column 1)"],
    ['autoconfig', '<a>\n&nbsp;</a>', 'not well-formed XML: &nbsp; is not defined in XML (line 2, column 1)'],
    ['autoconfig', `<${'a'.repeat(300)}`, `not well-formed XML: unclosed tag '${'a'.repeat(186)} (line 1, column 1)`],
    ['autoconfig', '<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'XML with declarations in its document type'],
    [
      'autodiscover',
      '<a><!-- -- --></a>',
      'not well-formed XML: comment contains "--", which XML does not allow (line 1, column 4)'
    ],
    ['autodiscover', '<!DOCTYPE a><a/>', 'no Autodiscover document'],
    ['autoconfig', '<clientConfig/>', 'no clientConfig with an emailProvider'],
    ['autodiscover', '<a/>', 'no Autodiscover document'],
    ['profile', 'x', 'no property list'],
    ['pacc', '{}', 'not the JSON of a PACC document']
  ] as const) {
    const visits = [
      visit('autoconfig', [exchange(autoconfigUrl, xml)]),
      visit(family, [exchange('https://a.example/b', body)])
    ]
    const found = findings({ visits }).find(({ rule }) => rule === 'document.unreadable')
    t.equal(found?.message, `The document is unreadable: ${reason}.`)
  }
})

t.test('document: each kind has a media type', async t => {
  const served = (type: string | undefined) =>
    findings({
      visits: [
        visit('autoconfig', [
          exchange(autoconfigUrl, { ...xml, headers: type === undefined ? {} : { 'content-type': type } })
        ])
      ]
    })
  t.same(summaries(served('application/xml; charset=utf-8')), [])
  t.match(served('text/plain')[0], { rule: 'document.content-type', message: /as text\/plain\.$/ })
  t.match(served(undefined)[0], { message: /as unknown type \(no content-type\)\.$/ })
})

t.test('document: a missing document is an error if a program needs it, otherwise a note', async t => {
  const url = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
  const none = visit('autodiscover', [exchange('https://example.com/autodiscover/autodiscover.xml', { status: 404 })])
  const visits = [
    visit('autoconfig', [exchange(autoconfigUrl, xml)]),
    none,
    visit('autodiscover', [exchange(url, { status: 404 })])
  ]
  const trace = [{ asked: `POST ${url}`, result: '404' }]
  const rule = 'document.no-autodiscover'
  const found = (outlook: Examination['programs'][number]) =>
    diagnose(seen({ visits, programs: [program('thunderbird', account), outlook] })).find(each => each.rule === rule)
  matchLists(t, found(program('outlook-classic', 'nothing found', trace)), {
    severity: 'error',
    clients: ['outlook-classic']
  })
  matchLists(t, found(program('outlook-classic', account, trace)), { severity: 'info', clients: [] })
})

t.test('document: reports contradictory documents and the misled programs', async t => {
  const url = 'https://autodiscover.example.com/a'
  const odd = { headers: xml.headers, body: changed({ 'smtp.example.com': 'smtp.example.net' }, autodiscover) }
  const visits = [visit('autoconfig', [exchange(autoconfigUrl, xml)]), visit('autodiscover', [exchange(url, odd)])]
  const programs = [
    program('thunderbird', account),
    program('geary', account),
    program('outlook-classic', { ...account, outgoing: { ...smtp, host: 'smtp.example.net' }, from: url })
  ]
  t.same(summaries(findings({ visits, programs })), [`error document.differs ${url}`])
  matchLists(t, findings({ visits, programs })[0], {
    message: 'This document names smtp smtp.example.net:465 tls; other documents name smtp smtp.example.com:465 tls.',
    clients: ['outlook-classic']
  })
})

t.test('srv: reports a record with a different server or none', async t => {
  const name = '_imaps._tcp.example.com'
  const message = (...records: ReturnType<typeof srv>[]) =>
    findings({ dns: [mx, answer('SRV', name, records)] }).find(({ rule }) => rule === 'srv.differs')?.message
  t.equal(message(srv('imap.example.com')), undefined)
  t.equal(message(srv('other.example.com'), srv('imap.example.com.')), undefined, 'another record in addition')
  t.match(
    message(srv('other.example.com', 1993)),
    'says imap other.example.com:1993 tls; the documents say imap imap.example.com:993 tls.'
  )
  t.match(message(srv('.')), 'says that the service is not offered;')
})

t.test('pacc: the document and its digest must match', async t => {
  const url = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'
  const name = '_ua-auto-config.example.com'
  const body = JSON.stringify({
    protocols: { imap: { host: 'imap.example.com' }, smtp: { host: 'smtp.example.com' } },
    authentication: { password: true },
    info: { provider: { name: 'x' } }
  })
  const json = { headers: { 'content-type': 'application/json' }, body }
  const paccRules = (came: object, records: readonly string[], fault?: DnsFault) =>
    rules({
      dns: [mx, answer('TXT', name, records, fault)],
      visits: [visit('autoconfig', [exchange(autoconfigUrl, xml)]), visit('pacc', [exchange(url, came)])]
    })
  const digest = `v=UAAC1; a=sha256; d=${Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(body))).toString('base64')}`
  t.same(paccRules(json, [digest]), [])
  t.same(paccRules({ status: 404 }, []), [])
  t.same(paccRules({ status: 404 }, [digest]), [`error pacc.no-document ${name}`])
  t.same(paccRules(json, []), [`info pacc.no-digest ${name}`])
  t.same(paccRules(json, ['v=UAAC1; a=sha256; d=x']), [`error pacc.digest-mismatch ${name}`])
  t.same(paccRules(json, [], 'SERVFAIL'), [`error dns.servfail ${name}`])
  const empty = { ...json, body: body.replace(/"protocols":\{.*?\}\}/, '"protocols":{}') }
  t.same(paccRules(empty, []), [`info pacc.no-digest ${name}`])
})

t.test(
  'srv: calendars behind a redirect to another host need a record, because Thunderbird discards the response',
  async t => {
    const davRules = (location: string, srv: DnsAnswer) => {
      const redirect = exchange('https://example.com/.well-known/caldav', { status: 301, headers: { location } })
      const visits = [visit('autoconfig', [exchange(autoconfigUrl, xml)]), visit('caldav', [redirect])]
      return findings({ visits, dns: [mx, srv] }).filter(({ rule }) => rule === 'srv.dav-missing')
    }
    const name = '_caldavs._tcp.example.com'
    const none = answer('SRV', name, [])
    for (const [location, record] of [
      ['https://dav.example.com/cal/', '0 1 443 dav.example.com. and a TXT record path=/cal/'],
      ['https://dav.example.com:8443/', '0 1 8443 dav.example.com. and a TXT record path=/']
    ] as const) {
      matchLists(t, davRules(location, none), [
        { severity: 'warning', subject: name, remedy: `Add the record ${record} at the same name.` }
      ])
    }
    t.same(davRules('/cal/', none), [], 'the same origin')
    t.same(davRules('', none), [], 'no redirect')
    const target = { priority: 0, weight: 1, port: 443, target: 'dav.example.com' }
    t.same(davRules('https://dav.example.com/', answer('SRV', name, [target])), [])
    t.same(davRules('https://dav.example.com/', answer('SRV', name, [], 'SERVFAIL')), [])
  }
)

t.test('pacc: a missing digest is an error if a program needs it', async t => {
  const url = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'
  const visits = [
    visit('autoconfig', [exchange(autoconfigUrl, xml)]),
    visit('pacc', [exchange(url, { headers: { 'content-type': 'application/json' }, body: '{}' })])
  ]
  const trace = [{ asked: `GET ${url}`, result: 'no digest' }]
  const programs = [program('thunderbird', account), program('himalaya', 'nothing found', trace)]
  matchLists(
    t,
    findings({ visits, programs }).filter(({ rule }) => rule === 'pacc.no-digest'),
    [{ severity: 'error', clients: ['himalaya'] }]
  )
})

t.test(
  'pacc: TLS 1.3 is expected only of hosts that redirect to or serve the document, and of its servers',
  async t => {
    const url = 'https://ua-auto-config.example.com/.well-known/user-agent-configuration.json'
    const elsewhere = 'https://pacc.example.net/example.com.json'
    const body = JSON.stringify({
      protocols: { imap: { host: 'imap.example.com' }, smtp: { host: 'smtp.example.com' } },
      authentication: { password: true },
      info: { provider: { name: 'x' } }
    })
    const document = { headers: { 'content-type': 'application/json' }, body }
    const subjectsWith = (first: string, last: string, server: string) => {
      const moved = exchange(
        url,
        { status: 302, headers: { location: elsewhere } },
        { tls: { ...certificate, protocol: first } }
      )
      const served = exchange(elsewhere, document, { tls: { ...certificate, protocol: last } })
      const report = { cipher: '', notAfter: '', daysLeft: 90, authorizationError: undefined }
      const servers = (['imap', 'pop3'] as const).map(protocol => ({
        ...{ greeting: '', capabilities: [], authentication: [], plaintextRefused: undefined, ms: 1, faults: [] },
        server: {
          ...{ protocol, host: `${protocol}.example.com`, port: protocol === 'imap' ? 993 : 995 },
          ...{ security: 'tls' as const, authentication: [] }
        },
        tls: { ...certificate, ...report, protocol: server },
        logIn: 'not tried' as const
      }))
      const visits = [visit('autoconfig', [exchange(autoconfigUrl, xml)]), visit('pacc', [moved, served])]
      const found = findings({ visits, servers }).filter(({ rule }) => rule === 'pacc.no-tls-1-3')
      return found.flatMap(({ subject, others = [] }) => [subject, ...others])
    }
    const [from, to] = ['https://ua-auto-config.example.com', 'https://pacc.example.net']
    t.same(subjectsWith('TLSv1.2', 'TLSv1.2', 'TLSv1.2'), [from, to, 'imap imap.example.com:993'])
    t.same(subjectsWith('TLSv1.2', 'TLSv1.3', 'TLSv1.3'), [from])
    t.same(subjectsWith('TLSv1.3', 'TLSv1.1', 'TLSv1.3'), [to])
    t.same(subjectsWith('TLSv1.3', 'TLSv1.3', 'TLSv1.3'), [])
  }
)

t.test('diagnose: the same cause at several hosts is one finding', async t => {
  const names = ['example.com', 'autoconfig.example.com', 'autodiscover.example.com']
  const dns = [mx, ...names.map(name => answer('A', name, ['10.0.0.1']))]
  const visits = ['autoconfig', 'autodiscover'].map(label =>
    visit(label as 'autoconfig' | 'autodiscover', [
      exchange(`https://${label}.example.com/x`, { kind: 'private-address' })
    ])
  )
  const programs = ['thunderbird', 'geary', 'outlook-classic'].map(name => {
    const host = name === 'outlook-classic' ? 'autodiscover' : 'autoconfig'
    return program(name, 'nothing', [{ asked: `GET https://${host}.example.com/x`, result: 'not asked' }])
  })
  const [only, ...rest] = diagnose(seen({ dns, visits, programs }))
  t.match(only, { rule: 'dns.private-address', subject: 'example.com' })
  t.same(only?.others, names.slice(1))
  t.same(only?.clients, ['thunderbird', 'geary', 'outlook-classic'])
  t.same(rest, [])
})

t.test('program: the remedy for a program that finds nothing is the cause or its requests', async t => {
  const remedy = (trace: readonly { asked: string; result: string }[], parts: Partial<Examination> = {}) =>
    findings({ programs: [program('thunderbird', account), program('geary', 'proposes', trace)], ...parts }).find(
      ({ rule }) => rule === 'program.finds-nothing'
    )?.remedy
  const asked = `GET ${autoconfigUrl}?a=b`
  t.equal(remedy([{ asked, result: '404' }]), `Respond to what it requests: GET ${autoconfigUrl}.`)
  t.equal(remedy([]), 'Geary cannot look up this address.')
  const visits = [visit('autoconfig', [exchange(autoconfigUrl, { kind: 'timeout' })])]
  t.equal(remedy([{ asked, result: 'no answer' }], { visits }), undefined, 'the cause names the program')
  const evidence = seen({ visits, programs: [program('geary', 'proposes', [{ asked, result: 'no answer' }])] })
  const report = JSON.parse(jsonReport(evidence, { findings: diagnose(evidence), ms: 1 }))
  t.match(report.programs[0].remedy, /^Fix http\.no-answer at https:\/\/autoconfig\.example\.com/)
})

t.test('program: if no program finds settings, that is one finding; a missing profile is a note', async t => {
  const programs = [
    program('thunderbird', 'nothing found'),
    program('geary', 'proposes'),
    program('apple', 'no profile')
  ]
  const visits = [visit('autoconfig', [exchange(autoconfigUrl, { status: 404 })])]
  t.ok(rules({ programs, visits }).includes('error program.none-finds-any example.com'))
  t.same(rules({ programs: [program('thunderbird', account), program('apple', 'no profile')] }), [
    'info program.finds-nothing Apple Mail (profile)'
  ])
})

t.test('program: a warning explains different settings', async t => {
  const visits = [visit('autoconfig', [exchange(autoconfigUrl, { status: 403 })])]
  const trace = [{ asked: `GET ${autoconfigUrl}`, result: '403' }]
  const programRule = (found: Parameters<typeof program>[1]) => {
    const programs = [program('thunderbird', account), program('kde', account), program('geary', found, trace)]
    return rules({ visits, programs }).filter(each => each.includes('program.'))
  }
  t.same(programRule({ ...account, incoming: { ...imap, port: 143 } }), [])
})

t.test('program: differences are another server or another user name', async t => {
  const differing = (incoming: object) =>
    findings({
      programs: [
        program('thunderbird', account),
        program('geary', { ...account, incoming: { ...imap, username: undefined } }),
        program('kde', { ...account, incoming: { ...imap, ...incoming } }),
        program('himalaya', { incoming: { ...imap, protocol: 'jmap' }, outgoing: undefined, from: 'x' })
      ]
    }).map(({ message }) => message)
  t.same(differing({}), [])
  t.same(differing({ username: 'jane' }), [
    'It found different settings: logs in to imap as jane, others as jane@example.com.'
  ])
  t.same(differing({ port: 143, security: 'starttls' }), [
    'It found different settings: uses imap imap.example.com:143 starttls, others use imap imap.example.com:993 tls.'
  ])
})

t.test('program: POP3 counts if no program finds IMAP, also without an outgoing server', async t => {
  const pop3 = { ...imap, protocol: 'pop3' as const, port: 995 }
  const programs = [program('thunderbird', { incoming: pop3, outgoing: undefined, from: 'x' })]
  t.match(seen({ programs }), { agreed: { incoming: pop3, outgoing: undefined } })
})

t.test('server: faults affect programs that would use the server', async t => {
  const fault = { rule: 'server.closed', severity: 'error', message: 'It closes.', remedy: 'Look.' } as const
  const probed = {
    greeting: '',
    tls: undefined,
    capabilities: [],
    authentication: [],
    plaintextRefused: undefined,
    ms: 1
  }
  const server = { protocol: 'smtp', host: 'smtp.example.com', port: 465, security: 'tls', authentication: [] } as const
  const service = { protocol: 'caldav', url: 'https://dav.example.com/' } as const
  matchLists(
    t,
    findings({
      servers: [{ ...probed, server, logIn: 'not tried', faults: [fault] }],
      services: [{ ...probed, service, status: 500, url: service.url, faults: [fault] }]
    }),
    [
      { ...fault, subject: 'smtp smtp.example.com:465', clients: ['thunderbird'] },
      { ...fault, subject: 'caldav https://dav.example.com/', clients: [] }
    ]
  )
})

t.test('diagnose: reports a timeout, and sorts by severity', async t => {
  const dns = [mx, answer('A', 'www.example.com', [], 'SERVFAIL')]
  t.same(rules({ isCut: true, dns }), ['error dns.servfail www.example.com', 'warning doctor.no-time example.com'])
})

t.test('http: an Exchange server that the domain redirects to may require a login', async t => {
  const url = 'https://autodiscover.example.com/autodiscover/autodiscover.xml'
  const login = exchange('https://ex.example.net/autodiscover/autodiscover.xml', { status: 401 })
  const moved = exchange(url, { status: 302, headers: { location: login.request.url } })
  const healthy = visit('autoconfig', [exchange(autoconfigUrl, xml)])
  const rulesOf = (parts: Partial<Examination>) => diagnose(seen(parts)).map(({ rule }) => rule)
  const incoming = {
    protocol: 'exchange',
    host: 'ex.example.net',
    port: 443,
    security: 'tls',
    username: undefined
  } as const
  const outlook = program('outlook-classic', { incoming, outgoing: undefined, from: login.request.url })
  const programs = [program('thunderbird', account), outlook]
  t.same(rulesOf({ visits: [healthy, visit('autodiscover', [moved, login])], programs }), [])
  t.same(rulesOf({ visits: [healthy, visit('autodiscover', [exchange(url, { status: 401 })])] }), [
    'http.unauthorized',
    'document.no-autodiscover'
  ])
  t.same(rulesOf({ visits: [healthy, visit('pacc', [moved, login])], programs }), ['http.unauthorized'])
})

t.test('program: a note names the programs that find nothing for a domain in its own script', async t => {
  const { client } = program('delta-chat', account)
  const script = {
    ascii: 'jane@xn--bcher-kva.example',
    typed: 'jane@bücher.example',
    lost: [client],
    logsInAsTyped: []
  }
  const [note, ...others] = findings({ nativeScript: script })
  t.same(others, [])
  t.match(note, {
    rule: 'program.native-script',
    severity: 'info',
    subject: 'jane@bücher.example',
    message: /own script: Delta Chat\.$/,
    remedy: /^Tell people to type example\.com there/
  })
  t.same(findings({ nativeScript: { ...script, lost: [] } }), [])
})

t.test('program: Thunderbird for Android has people approve settings that came over http', async t => {
  const foundAt = (name: string, from: string) => program(name, { ...account, from })
  const insecure = foundAt('thunderbird-android', 'http://autoconfig.example.com/mail/config-v1.1.xml')
  matchLists(t, findings({ programs: [insecure] }), [
    {
      rule: 'program.needs-approval',
      severity: 'info',
      subject: /^Thunderbird for Android/,
      remedy: /https:\/\/autoconfig\.example\.com\/mail\/config-v1\.1\.xml/
    }
  ])
  for (const other of [
    foundAt('thunderbird-android', 'https://autoconfig.example.com/mail/config-v1.1.xml'),
    foundAt('kde', 'http://autoconfig.example.com/mail/config-v1.1.xml')
  ]) {
    t.same(findings({ programs: [other] }), [])
  }
})

t.test(
  'dav: a program that does not find calendars or contacts is a note, unless another finding says why',
  async t => {
    const caldav = 'https://dav.example.com/caldav/'
    const trace = [
      { asked: 'SRV _carddavs._tcp.example.com', result: '0 records' },
      { asked: 'OPTIONS https://example.com/', result: '200' }
    ]
    const davPrograms = [
      davProgram('davx5', { caldav, carddav: caldav }),
      davProgram('gnome-online-accounts-dav', { caldav }, trace)
    ]
    const notes = (parts: Partial<Examination>) =>
      findings({ davPrograms, ...parts }).filter(({ rule }) => rule === 'program.finds-no-dav')
    const [both, contacts] = [[davProbe('caldav'), davProbe('carddav')], [davProbe('carddav')]]
    for (const services of [both, contacts]) {
      matchLists(t, notes({ services }), [
        {
          severity: 'info',
          subject: 'GNOME Online Accounts, calendars and contacts',
          message: 'It does not find the server of contacts.',
          remedy: 'Check the responses to it: OPTIONS https://example.com/: 200.'
        }
      ])
    }
    const nothing = [davProgram('davx5', {})]
    matchLists(t, notes({ services: both, davPrograms: nothing }), [
      { message: 'It does not find the server of calendars and contacts.' }
    ])
    t.same(notes({ services: [davProbe('caldav')] }), [], 'only calendars are advertised')
    t.same(notes({ services: [] }), [])
    const fault = { rule: 'service.fails', severity: 'error', message: 'It fails.', remedy: 'Mend it.' } as const
    t.same(notes({ services: [davProbe('carddav', [fault])] }), [], 'the server is faulty')
    t.equal(notes({ services: [davProbe('carddav', [{ ...fault, severity: 'warning' }])] }).length, 1)
    const location = { status: 301, headers: { location: 'https://dav.example.com/' } }
    const visits = [
      visit('autoconfig', [exchange(autoconfigUrl, xml)]),
      visit('carddav', [exchange('https://example.com/.well-known/carddav', location)])
    ]
    t.same(notes({ services: contacts, visits }), [], 'srv.dav-missing says why')
    t.equal(
      notes({ services: both, visits, davPrograms: nothing })[0]?.message,
      'It does not find the server of calendars.'
    )
  }
)
