/**
 * The metrics that Prometheus scrapes, of one process or of several: https://prometheus.io/docs/practices/naming/.
 * Metrics read their values from the service in `collect()`, so that a request pays nothing for them.
 */
import { AggregatorRegistry, collectDefaultMetrics, Registry } from 'prom-client'
import { coalesce } from '../sources/coalesce.ts'

/** Adds a family of metrics to a registry. */
export type RegisterMetrics = (registry: Registry) => void

/** The metrics of one process as JSON: what prom-client's `getMetricsAsJSON` returns. */
export type ProcessMetrics = readonly object[]

export interface Metrics {
  readonly contentType: string
  /** @returns the metrics of all processes in the text exposition format 0.0.4 */
  text(): Promise<string>
  /** @returns the metrics of this process, to be sent to another one */
  ofProcess(): Promise<ProcessMetrics>
}

/**
 * Observed: `process._getActiveHandles`, which prom-client calls for the first two of them, ended a process of Node 24.21 while connections
 * were being closed ("Assertion failed: !obj.IsEmpty()" in AsyncWrap::GetOwner, 2026-11-30). `_getActiveRequests`, for the others, takes
 * the same way.
 */
const unsafeMetrics = [
  'nodejs_active_handles',
  'nodejs_active_handles_total',
  'nodejs_active_requests',
  'nodejs_active_requests_total'
] as const

/** @param others returns the metrics of other processes, which are added to those of this one */
export function createMetrics(
  families: readonly RegisterMetrics[],
  others?: () => Promise<readonly ProcessMetrics[]>
): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const name of unsafeMetrics) registry.removeSingleMetric(name)
  for (const register of families) register(registry)

  async function sum(all: readonly ProcessMetrics[]): Promise<string> {
    const metrics = await registry.getMetricsAsJSON()
    // Why: prom-client omits the start time from sums. The time when this process started is that of the service.
    const own = metrics.map(each => (each.aggregator === 'omit' ? { ...each, aggregator: 'first' } : each))
    return await AggregatorRegistry.aggregate([own, ...all]).metrics()
  }

  return {
    contentType: registry.contentType,
    // Why coalesced: each of many simultaneous scrapes would ask every worker.
    text: coalesce(async () => (others === undefined ? await registry.metrics() : await sum(await others()))),
    ofProcess: () => registry.getMetricsAsJSON()
  }
}

/**
 * What ended processes have counted. Why: without it, a counter would fall whenever a worker is replaced, which Prometheus
 * takes for a restart of the service.
 */
export interface EndedProcesses {
  /** @param last the last metrics of a process that has ended */
  add(last: ProcessMetrics): void
  /** @returns the sum of all counters and histograms that were added */
  metrics(): Promise<ProcessMetrics>
}

export function createEndedProcesses(): EndedProcesses {
  let sum: Promise<ProcessMetrics> = Promise.resolve([])
  return {
    add(last) {
      const counted = last.filter(metric => !('type' in metric && metric.type === 'gauge'))
      sum = sum.then(before => AggregatorRegistry.aggregate([before, counted]).getMetricsAsJSON())
    },
    metrics: () => sum
  }
}
