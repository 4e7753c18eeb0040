/**
 * The parts of the benchmarks: random traffic, load, options and reports.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { createLookupCache } from '../../src/lookups/lookup-cache.ts'
import { load as loadSettings } from '../../src/settings/load/load.ts'
import { toCache } from '../../src/settings/lookup-defaults.ts'
import { createRandom } from '../fuzz/random.ts'
import { fixed } from '../support/fixed.ts'
import { matchLists } from '../support/match-lists.ts'
import { Failure } from './failure.ts'
import { type Load, loadOnce } from './load.ts'
import { METRIC, readLookUps } from './look-ups.ts'
import { customerAt, hostOf, settingsOf } from './population.ts'
import { ringFile } from './ring.ts'
import { readScaleOptions } from './scale-options.ts'
import { scaleReport } from './scale-report.ts'
import type { Scale } from './scale-subject.ts'
import { draw, requestAt, walk } from './traffic.ts'
import { createZipf } from './zipf.ts'

t.test('zipf: draws every rank, none beyond, and the same for the same seed', async t => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.nat(), (count, seed) => {
      const drawn = () => Array.from({ length: 50 }, createZipf(count, createRandom(seed)))
      t.same(drawn(), drawn())
      return drawn().every(rank => Number.isInteger(rank) && rank >= 0 && rank < count)
    }),
    { numRuns: 50 }
  )
  const all = new Set(Array.from({ length: 2000 }, createZipf(20, createRandom(1))))
  t.equal(all.size, 20)
})

t.test('zipf: the frequency of rank r is proportional to 1/r', async t => {
  const counts = new Array<number>(1000).fill(0)
  const next = createZipf(1000, createRandom(1))
  for (let turn = 0; turn < 200_000; turn++) {
    const rank = next()
    counts[rank] = (counts[rank] ?? 0) + 1
  }
  const [first = 0] = counts
  for (const rank of [2, 3, 5, 10, 50]) {
    const expected = first / rank
    const found = counts[rank - 1] ?? 0
    t.ok(Math.abs(found - expected) < 5 * Math.sqrt(expected), `rank ${rank}: ${found}, ${Math.round(expected)}`)
  }
})

t.test('population: all domains are different, and one in ten has one of a hundred hosts', async t => {
  const customers = Array.from({ length: 100_000 }, (_, rank) => customerAt(rank))
  t.equal(new Set(customers.map(({ domain }) => domain)).size, customers.length)
  t.equal(new Set(customers.map(({ provider }) => provider)).size, 10)
  const own = customers.filter(({ host }) => host !== undefined)
  t.equal(own.length, customers.length / 10)
  t.equal(new Set(own.map(hostOf)).size, 100)
})

t.test('population: its settings have no findings, and list the domains', async t => {
  for (const domains of [0, 7, 10, 95]) {
    const { table, findings } = loadSettings(settingsOf(domains), 'scale.yaml')
    t.same(findings, [])
    for (let rank = 0; rank < domains; rank++) {
      const { domain, provider } = customerAt(rank)
      t.equal(table?.find(domain)?.id, provider)
    }
    t.equal(table?.find(customerAt(domains).domain), undefined)
  }
})

t.test('traffic: is the same for the same turn, and different for another', async t => {
  for (const traffic of ['zipf', 'uniform'] as const) {
    const ranks = (turn: number) => draw(traffic, 1000, { turn, count: 100 })
    t.same(ranks(1), ranks(1))
    t.not(JSON.stringify(ranks(1)), JSON.stringify(ranks(2)))
    t.ok(ranks(1).every(rank => rank >= 0 && rank < 1000))
  }
  t.same(walk(4), [3, 2, 1, 0])
  t.match(requestAt(0), { method: 'GET', headers: { Host: `autoconfig.${customerAt(0).domain}` } })
})

const hasWrk = spawnSync('wrk', ['--version']).error === undefined

t.test('load: sends the sequence of requests once', { skip: !hasWrk && 'wrk is not installed' }, async t => {
  const dir = mkdtempSync(join(tmpdir(), 'signpost-test-'))
  t.teardown(() => rmSync(dir, { recursive: true }))
  const ring = join(dir, 'ring')
  writeFileSync(ring, ringFile(Array.from({ length: 3000 }, (_, rank) => requestAt(rank))))
  const asked = new Set<string | undefined>()
  const port = await served(t, request => {
    asked.add(request)
    return ''
  })
  const load = await loadOnce({ pid: process.pid, port }, { name: 'ring', status: 200 }, ring)
  // Why one less: wrk reads the first request before it begins.
  t.ok(asked.size >= 2999, `${asked.size}`)
  t.ok(load.p99 > 0 && load.perSecond > 0)
})

t.test('lookups: are read from the metrics', async t => {
  const found = async (name: string) => (name === 'known' ? {} : undefined)
  const cache = createLookupCache<object>(found, { settingsOf: fixed(toCache(undefined)) })
  for (const name of ['known', 'known', 'known', 'unknown', 'unknown']) await cache.find(name)
  const metrics = Object.entries(cache.counts).map(([result, count]) => `${METRIC}{result="${result}"} ${count}\n`)
  t.same(await readLookUps(await served(t, () => metrics.join(''))), { all: 5, kept: 3 })
  t.same(await readLookUps(await served(t, () => '')), { all: 0, kept: 0 })
  t.match(readFileSync('src/admin/lookup-metrics.ts', 'utf8'), `'${METRIC}'`)
})

t.test('options: of the scale benchmark', async t => {
  matchLists(t, readScaleOptions([]), { domains: [10, 1000, 100_000, 1_000_000], rounds: 3, seconds: 3, starts: 3 })
  t.match(readScaleOptions(['--quick', '--seconds', '2']), { rounds: 1, seconds: 2, starts: 1 })
  t.match(readScaleOptions(['--cache', '5000', '--quick']), { kept: 5000, filled: 5000 })
  matchLists(t, readScaleOptions(['--domains', '500,20,500', '--sources', 'sqlite']), {
    domains: [20, 500],
    sources: ['sqlite']
  })
  t.equal(readScaleOptions(['--help']), 'help')
  for (const args of [['--domains', '0'], ['--domains', '1,x'], ['--sources', 'redis'], ['--rounds', '1.5'], ['--x']]) {
    t.throws(() => readScaleOptions(args), new Failure('', 2), args.join(' '))
  }
})

t.test('report: lists the ratios of all rounds, and marks missed targets and doubtful figures', async t => {
  const few = scale(10, { perSecond: [1000, 2000, 4000], busy: 1 })
  const good = scale(100_000, { perSecond: [900, 1800, 3600], busy: 1 })
  const bad = scale(1_000_000, { perSecond: [500, 1000, 2000], busy: 0.5 })
  const findings = [{ title: 'SQLite', isDatabase: true, scales: [few, good, bad], bare: few.loads.zipf }]
  const options = { rounds: 3, seconds: 1, starts: 1, kept: 100_000, filled: 100_000 }
  const text = scaleReport({ findings, skipped: ['postgres: skipped'] }, options)
  const lines = text.split('\n')
  t.ok(lines.includes('| SQLite | 10 | Zipf | 2,000 | 1.00 |  | 1.0 | 1.00 | 90 % |'), text)
  t.ok(lines.includes('| SQLite | 100,000 | Zipf | 1,800 | 0.90 | ≥ 0.85 | 1.0 | 1.00 | 90 % |'), text)
  t.ok(
    lines.includes('| SQLite | 1,000,000 | Zipf | 1,000 | 0.50 (doubtful) | ≥ 0.85 **missed** | 1.0 | 1.00 | 90 % |')
  )
  t.ok(
    lines.includes('| SQLite | 100,000 | 0.50 | 1.00 | ≤ 1.10 | 90 | 200 | 1.00 | ≤ 1.10 | 900 | ≥ 3,000 **missed** |')
  )
  t.ok(lines.includes('- SQLite, 1,000,000 domains, Zipf: the ratio by processor time used is 0.50'))
  t.ok(lines.includes('- Not measured: postgres: skipped.'))
})

function scale(domains: number, { perSecond, busy }: { perSecond: readonly number[]; busy: number }): Scale {
  const loads = perSecond.map((each): Load => ({ perSecond: each, p99: 1, perProcessorSecond: each, busy }))
  return {
    domains,
    startTime: 500,
    memory: { atStart: 90, afterLoad: 200 },
    uncached: domains < 20_000 ? undefined : loads[0],
    loads: { zipf: loads, uniform: loads },
    hits: { zipf: 0.9, uniform: undefined }
  }
}

/** @returns the port of a server with the given responses. */
async function served(t: Test, answer: (url: string | undefined) => string): Promise<number> {
  const server = createServer(({ url }, response) => response.end(answer(url)))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
