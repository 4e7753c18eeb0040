import fc from 'fast-check'
import t from 'tap'
import { createTotals } from '../../../src/admin/metrics/ended-processes.ts'
import { createMetrics } from '../../../src/admin/metrics/metrics.ts'
import { readMetrics } from '../../support/admin/read-metrics.ts'

/** @returns the metrics of a process that has counted so many, and uses so much */
const metricsOf = (count: number, used = 0) =>
  createMetrics([
    {
      type: 'counter',
      name: 'signpost_a_total',
      help: 'Counts.',
      values: () => [{ labels: { kind: 'x' }, value: count }]
    },
    {
      type: 'histogram',
      name: 'signpost_b_seconds',
      help: 'Takes.',
      values: () => [
        { suffix: '_bucket', labels: { le: '1' }, value: count },
        { suffix: '_sum', value: count * 2 },
        { suffix: '_count', value: count }
      ]
    },
    { type: 'gauge', name: 'signpost_c', help: 'Uses.', values: () => [{ value: used }] },
    { type: 'gauge', name: 'signpost_d', help: 'Is well.', aggregator: 'min', values: () => [{ value: used }] }
  ])

t.test('totals: counters and histograms of those that are gone are kept, and nothing else', async t => {
  const totals = createTotals()
  t.same(totals.snapshot, [])
  for (const count of [1, 2, 3]) totals.add(await metricsOf(count, 7).snapshot())
  const names = totals.snapshot.map(({ name }) => name)
  t.ok(names.includes('signpost_a_total') && names.includes('process_cpu_seconds_total'))
  t.notOk(names.includes('signpost_c') || names.includes('process_resident_memory_bytes'))
})

t.test('totals: come to the sum, however many are gone', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 1000 }), { maxLength: 5 }), fc.nat({ max: 1000 }), async (gone, own) => {
      const totals = createTotals()
      for (const count of gone) totals.add([...(await metricsOf(count).snapshot())])
      const { contentType, text } = createMetrics([], async () => [await metricsOf(own).snapshot(), totals.snapshot])
      t.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8')
      const { figureOf } = readMetrics(await text())
      const sum = gone.reduce((one, other) => one + other, own)
      return (
        figureOf('signpost_a_total', { kind: 'x' }) === sum &&
        figureOf('signpost_b_seconds_bucket', { le: '1' }) === sum &&
        figureOf('signpost_b_seconds_sum') === 2 * sum
      )
    }),
    { numRuns: 20 }
  )
})

t.test('metrics: gauges of several processes are added, or the worst of them counts', async t => {
  const all = createMetrics([], async () => [await metricsOf(0, 3).snapshot(), await metricsOf(0, 4).snapshot()])
  const { figureOf } = readMetrics(await all.text())
  t.equal(figureOf('signpost_c'), 7)
  t.equal(figureOf('signpost_d'), 3)
  const started = figureOf('process_start_time_seconds') ?? 0
  t.ok(Math.abs(started - (Date.now() / 1000 - process.uptime())) < 2)
})

t.test('metrics: two hundred scrapes at once ask the workers twice', async t => {
  let times = 0
  const all = createMetrics([], async () => {
    times += 1
    return [await metricsOf(1).snapshot()]
  })
  const texts = await Promise.all(Array.from({ length: 200 }, () => all.text()))
  t.ok(texts.every(text => text.includes('signpost_a_total{kind="x"} 1')))
  t.equal(times, 2)
})
