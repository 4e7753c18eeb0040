import fc from 'fast-check'
import { Counter, Gauge, Histogram } from 'prom-client'
import t from 'tap'
import { createEndedProcesses, createMetrics } from '../../src/admin/metrics.ts'
import { readMetrics } from '../support/admin/read-metrics.ts'

/** @returns the metrics of a process with these values of a counter and a gauge */
const metricsOf = (count: number, used = 0) =>
  createMetrics([
    registry => {
      const registers = [registry]
      new Counter({ name: 'signpost_a_total', help: 'Counts.', labelNames: ['kind'], registers }).inc(
        { kind: 'x' },
        count
      )
      const histogram = new Histogram({ name: 'signpost_b_seconds', help: 'Durations.', buckets: [1, 3], registers })
      for (let number = 0; number < count; number++) histogram.observe(2)
      new Gauge({ name: 'signpost_c', help: 'Use.', registers }).set(used)
      new Gauge({ name: 'signpost_d', help: 'Health.', aggregator: 'min', registers }).set(used)
    }
  ])

t.test('metrics: none is read in a way that can end the process', async t => {
  const unsafe = { _getActiveHandles: () => t.fail('handles'), _getActiveRequests: () => t.fail('requests') }
  const names = Object.keys(unsafe)
  const before = Object.fromEntries(names.map(name => [name, Reflect.get(process, name)]))
  Object.assign(process, unsafe)
  t.teardown(() => Object.assign(process, before))
  const metrics = createMetrics([])
  const text = await metrics.text()
  t.notMatch(text, /^nodejs_active_(?:handles|requests)/m)
  t.match(text, /^nodejs_active_resources_total/m)
  t.ok((await metrics.ofProcess()).length > 10)
})

t.test('ended processes: only their counters and histograms are kept', async t => {
  const ended = createEndedProcesses()
  t.same(await ended.metrics(), [])
  for (const count of [1, 2, 3]) ended.add(await metricsOf(count, 7).ofProcess())
  const names = (await ended.metrics()).map(metric => 'name' in metric && metric.name)
  t.ok(names.includes('signpost_a_total') && names.includes('process_cpu_seconds_total'))
  t.notOk(names.includes('signpost_c') || names.includes('process_resident_memory_bytes'))
})

t.test('ended processes: the counts of any number of processes are added up', async t => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 100 }), { maxLength: 5 }), fc.nat({ max: 100 }), async (counts, own) => {
      const ended = createEndedProcesses()
      for (const count of counts) ended.add([...(await metricsOf(count).ofProcess())])
      const { contentType, text } = createMetrics([], async () => [
        await metricsOf(own).ofProcess(),
        await ended.metrics()
      ])
      t.equal(contentType, 'text/plain; version=0.0.4; charset=utf-8')
      const { figureOf } = readMetrics(await text())
      const sum = counts.reduce((one, other) => one + other, own)
      return (
        figureOf('signpost_a_total', { kind: 'x' }) === sum &&
        figureOf('signpost_b_seconds_bucket', { le: '1' }) === 0 &&
        figureOf('signpost_b_seconds_bucket', { le: '3' }) === sum &&
        figureOf('signpost_b_seconds_sum') === 2 * sum
      )
    }),
    { numRuns: 20 }
  )
})

t.test('metrics: gauges of several processes are added, or the smallest value counts', async t => {
  const all = createMetrics([], async () => [await metricsOf(0, 3).ofProcess(), await metricsOf(0, 4).ofProcess()])
  const { figureOf } = readMetrics(await all.text())
  t.equal(figureOf('signpost_c'), 7)
  t.equal(figureOf('signpost_d'), 3)
  const started = figureOf('process_start_time_seconds') ?? 0
  t.ok(Math.abs(started - (Date.now() / 1000 - process.uptime())) < 2)
})

t.test('metrics: two hundred simultaneous scrapes query the workers twice', async t => {
  let times = 0
  const all = createMetrics([], async () => {
    times += 1
    return [await metricsOf(1).ofProcess()]
  })
  const texts = await Promise.all(Array.from({ length: 200 }, () => all.text()))
  t.ok(texts.every(text => text.includes('signpost_a_total{kind="x"} 1')))
  t.equal(times, 2)
})
