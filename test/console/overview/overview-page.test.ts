import t from 'tap'
import type { Overview } from '../../../src/console/overview/overview.ts'
import { overviewPage } from '../../../src/console/overview/overview-page.ts'
import type { Period } from '../../../src/console/traffic/history.ts'
import { textOf } from '../../support/console/open-console.ts'

const now = Date.parse('2026-11-30T12:00:00Z')
const dayMs = 24 * 60 * 60 * 1000
const quiet: Period = { total: 0, dialects: new Map(), clients: new Map(), errors: new Map() }

const healthy: Overview = {
  now,
  startedAt: now - dayMs,
  version: '1.2.3',
  settings: { loadedAt: now - 60_000, findings: [], pendingRestart: [] },
  providers: { rows: [{ id: 'example', name: 'Example Mail', domains: 2, example: 'example.com' }], domains: 2 },
  certificates: [],
  components: [{ name: 'settings', ready: true }],
  lookups: [],
  workers: undefined,
  traffic: { minutes: [quiet], hours: [quiet] }
}

const page = (overview: Partial<Overview>) => overviewPage({ ...healthy, ...overview }, 'the-token')
const text = (overview: Partial<Overview>) => textOf(page(overview).body)

t.test('overview: says that the service is healthy, with its version, providers and domains', async t => {
  const { status, headers, body } = page({})
  t.equal(status, 200)
  t.match(headers['content-security-policy'], /^default-src 'none';.* frame-ancestors 'none'; connect-src 'self'$/)
  const shown = textOf(body)
  for (const part of [
    'State ready',
    'Settings valid',
    'Signpost 1.2.3',
    '2026-11-29 12:00 UTC',
    'There are no findings.'
  ])
    t.match(shown, part)
  t.match(shown, '1 provider with 2 domains')
  t.match(body, '<a href="/domains/example.com">example.com</a>')
  t.match(body, '<input type="hidden" name="token" value="the-token">')
  t.match(shown, 'a proxy serves https')
  for (const part of ['Workers', 'Directory and lookups', 'restart needed']) t.notMatch(shown, part)
})

t.test('overview: findings have file, line and column, and their text is escaped', async t => {
  const finding = {
    file: '/etc/signpost/a.yaml',
    line: 3,
    column: 7,
    path: 'providers[0].id',
    message: 'found <b>, expected'
  }
  const findings = [
    { ...finding, severity: 'error' } as const,
    { ...finding, severity: 'warning', path: '' } as const,
    { ...finding, severity: 'note' } as const
  ]
  const settings = { loadedAt: now, findings, pendingRestart: ['http.port', 'mxLookup'] }
  const shown = text({ settings })
  for (const part of ['1 error', '/etc/signpost/a.yaml:3:7 error providers[0].id : found <b>, expected', 'stay in use'])
    t.match(shown, part)
  t.match(shown, 'restart needed These changed settings take effect at the next restart: http.port mxLookup')
  t.match(page({ settings }).body, 'found &lt;b&gt;, expected')
})

t.test('overview: shows certificates with the days that are left, components, lookups and workers', async t => {
  const certificate = { use: 'https', names: ['a.example', '*.b.example'], notBefore: 0 } as const
  const shown = text({
    certificates: [
      { ...certificate, notAfter: now - 1 },
      { ...certificate, notAfter: now + dayMs },
      { ...certificate, use: 'signing', notAfter: now + 60 * dayMs }
    ],
    components: [{ name: 'https', ready: false, remark: 'no valid certificate: a.example' }],
    lookups: [
      { name: 'directory', up: true, facts: [['hit', 1200]] },
      { name: 'users', up: false, facts: [] },
      { name: 'mxLookup', up: undefined, facts: [] }
    ],
    workers: { sizes: { serving: 2, silent: 1 }, counts: { restarts: 3, hangs: 4 } }
  })
  for (const part of ['a.example, *.b.example https expired', 'https 1 day', 'signing 60 days', 'State not ready'])
    t.match(shown, part)
  for (const part of [
    'https not ready no valid certificate: a.example',
    'directory answers hit 1,200',
    'users does not answer'
  ])
    t.match(shown, part)
  for (const part of ['mxLookup no state', 'serving 2 silent 1', 'replaced after a crash 3', 'they hung 4'])
    t.match(shown, part)
})

t.test('overview: shows requests by program and dialect, and errors by code', async t => {
  const busy = {
    total: 3,
    dialects: new Map([['thunderbird', 3]]),
    clients: new Map([
      ['apple', 1],
      ['evolution', 2]
    ]),
    errors: new Map([['AC_NOT_FOUND', 5]])
  }
  const { body } = page({ traffic: { minutes: [quiet, busy], hours: [busy, quiet] } })
  const shown = textOf(body)
  for (const part of ['3 requests.', 'evolution 2', 'apple 1', 'thunderbird 3', 'AC_NOT_FOUND 5']) t.match(shown, part)
  t.match(body, '<title>evolution in each of the last 60 minutes</title>')
  t.match(body, /<svg viewBox="0 0 2 40".*?<path d="M1 40v-40h\.8v40z"\/>/)
})

t.test('overview: the page is short even with thousands of providers and findings', async t => {
  const rows = Array.from({ length: 5000 }, (_, index) => ({
    id: `p${index}`,
    name: 'n',
    domains: 1,
    example: `*.d${index}.example`
  }))
  const finding = { severity: 'warning', file: 'a', line: 1, column: 1, path: '', message: 'm'.repeat(200) } as const
  const findings = Array.from({ length: 3000 }, () => finding)
  const { body } = page({ providers: { rows, domains: 5000 }, settings: { ...healthy.settings, findings } })
  t.ok(body.length < 60_000, `${body.length} bytes`)
  const shown = textOf(body)
  for (const part of [
    '5,000 providers with 5,000 domains',
    'And 4,975 more providers: search for a domain',
    'And 2,975 more findings.'
  ])
    t.match(shown, part)
  t.match(body, '<code>*.d0.example</code>')
})

t.test(
  'overview: if there are many certificates, only those that expire first are shown, each with a few names',
  async t => {
    const certificates = Array.from({ length: 30 }, (_, number) => ({
      use: 'https',
      names: Array.from({ length: 5 }, (_, name) => `n${name}.c${number}.example`),
      notBefore: now,
      notAfter: now + (40 - number) * dayMs
    })) as unknown as Overview['certificates']
    const shown = text({ certificates })
    t.match(shown, 'n0.c29.example, n1.c29.example, n2.c29.example and 2 more https 11 days')
    t.notMatch(shown, 'n0.c0.example')
    t.match(shown, 'And 5 more certificates.')
  }
)
