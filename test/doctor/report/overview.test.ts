import t from 'tap'
import { createLineFormatter } from '../../../src/cli/colour.ts'
import type { DomainFinding } from '../../../src/doctor/common-causes.ts'
import { type DomainResult, overview, toJsonOverview } from '../../../src/doctor/report/overview.ts'

const paint = createLineFormatter({ env: {}, isTerminal: { out: false, err: false } })
const textOf = (results: readonly DomainResult[], options = {}) =>
  `${overview({ file: 'a.yaml', results, ms: 1234 }, options).map(paint).join('\n')}\n`

const missing: DomainFinding = {
  ...{ rule: 'dns.no-such-domain', severity: 'error', message: 'The domain does not exist.' },
  ...{ subject: 'a.example', remedy: 'Register it.', clients: ['geary'], affects: ['Geary'] }
}
const warning: DomainFinding = {
  ...missing,
  rule: 'http.slow',
  severity: 'warning',
  subject: 'https://w.example',
  message: 'It is slow.',
  affects: []
}
const note: DomainFinding = {
  ...warning,
  rule: 'pacc.no-digest',
  severity: 'info',
  message: 'No digest.',
  others: ['https://x.example']
}

const result = (domain: string, ...findings: DomainFinding[]): DomainResult => ({
  domain,
  findings,
  failure: undefined
})
const lost = (domain: string) => result(domain, { ...missing, subject: domain })

t.test(
  'overview: the verdict comes first, then one row for each domain, worst first, then each cause once',
  async t => {
    const failed = { domain: 'f.example', findings: [], failure: 'no DNS server answers' }
    const results = [
      result('ok.example', note),
      result('warn.example', warning),
      lost('a.example'),
      lost('b.example'),
      failed
    ]
    t.equal(
      textOf(results),
      `a.yaml, 5 domains

Verdict
  faulty  5 domains: 2 with errors, 1 with warnings, 1 not examined, 1 without a problem; examined in 1.2 s.
  error   <domain> (2 domains): The domain does not exist. Register it.
  warning https://w.example: It is slow. Register it.

Domains
  verdict domain       errors warnings first cause
  failed  f.example         –        – no DNS server answers
  faulty  a.example         1        0 The domain does not exist.
  faulty  b.example         1        0 The domain does not exist.
  warning warn.example      0        1 https://w.example: It is slow.
  ok      ok.example        0        0

Causes
  error   <domain> dns.no-such-domain
          The domain does not exist.
          Domains: a.example, b.example.
          Affects: Geary.
          Remedy: Register it.
  warning https://w.example http.slow
          It is slow.
          Remedy: Register it.
`
    )
    t.match(
      textOf(results, { isVerbose: true }),
      '  note    https://w.example pacc.no-digest\n          https://x.example\n          No digest.\n'
    )
  }
)

t.test('overview: reports that there are no problems', async t => {
  t.match(
    textOf([result('ok.example')]),
    'a.yaml, 1 domain\n\nVerdict\n  ok      No problems at 1 domain; examined in 1.2 s.\n\n'
  )
  t.notMatch(textOf([result('ok.example', note)]), 'Causes')
})

t.test('overview: the verdict mentions only existing problems', async t => {
  t.match(
    textOf([result('warn.example', warning)]),
    '\n  faulty  1 domain: 1 with warnings, 0 without a problem; examined'
  )
  t.match(textOf([lost('a.example')]), '\n  faulty  1 domain: 1 with errors, 0 without a problem; examined')
})

t.test('overview: the verdict has three lines at most, and a cause names five domains at most', async t => {
  const causes = [1, 2, 3].map(at => ({ ...missing, subject: `host${at}.example.net` }))
  const results = Array.from({ length: 7 }, (_, at) => result(`d${at}.example`, ...causes))
  const text = textOf(results)
  t.match(
    text,
    '\n  error   host1.example.net (7 domains): The domain does not exist. Register it.\n          and 2 more below\n\nDomains\n'
  )
  t.match(text, '\n          Domains: d0.example, d1.example, d2.example, d3.example, d4.example and 2 more.\n')
})

t.test('overview: a long domain does not widen the table beyond forty characters', async t => {
  const long = `${'a'.repeat(60)}.example`
  const lines = textOf([result(long), result('b.example')]).split('\n')
  t.ok(lines.some(line => line === `  ok      ${'b.example'.padEnd(40)}      0        0`))
  t.ok(lines.some(line => line === `  ok      ${long}      0        0`))
})

t.test('overview: as JSON, domains are in the order of the table', async t => {
  t.same(toJsonOverview({ file: 'a.yaml', results: [result('ok.example', note), lost('a.example')], ms: 1234.4 }), {
    ...{ file: 'a.yaml', ms: 1234, isWell: false },
    domains: [
      { domain: 'ok.example', verdict: 'ok', errors: 0, warnings: 0, firstCause: null },
      { domain: 'a.example', verdict: 'faulty', errors: 1, warnings: 0, firstCause: 'The domain does not exist.' }
    ],
    causes: [
      { ...missing, domains: ['a.example'] },
      { ...note, domains: ['ok.example'] }
    ]
  })
  t.match(toJsonOverview({ file: 'a.yaml', results: [result('ok.example')], ms: 1 }), { isWell: true })
})
