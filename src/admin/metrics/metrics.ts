/**
 * What Prometheus reads: https://prometheus.io/docs/practices/naming/. Every figure is looked up when it is asked for.
 */
import { AggregatorRegistry, collectDefaultMetrics, type Gauge, Registry } from 'prom-client'
import { coalesce } from '../../sources/coalesce.ts'
import type { Measure, Value } from './measure.ts'
import type { Snapshot } from './process-figures.ts'

export interface Metrics {
  readonly contentType: string
  /** @returns the text exposition format 0.0.4 */
  text(): Promise<string>
  /** @returns the same of this process alone, for another one */
  snapshot(): Promise<Snapshot>
}

/** @param others what other processes have measured, which is added */
export function createMetrics(measures: readonly Measure[], others?: () => Promise<readonly Snapshot[]>): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const measure of measures) registry.registerMetric(toMetric(measure))
  const snapshot = async () => (await registry.getMetricsAsJSON()) as unknown as Snapshot

  async function sum(all: readonly Snapshot[]): Promise<string> {
    // Why the first: since when the service runs, which its own process knows.
    const own = (await snapshot()).map(each => (each.aggregator === 'omit' ? { ...each, aggregator: 'first' } : each))
    return await AggregatorRegistry.aggregate([own, ...all] as object[]).metrics()
  }

  return {
    contentType: registry.contentType,
    // Why coalesced: many scrapes at once would ask every worker many times.
    text: coalesce(async () => (others === undefined ? await registry.metrics() : await sum(await others()))),
    snapshot
  }
}

/** Why not a Gauge or a Histogram itself: it would count on its own, at a price that every request would pay. */
function toMetric({ name, values, aggregator = 'sum', ...told }: Measure): Gauge {
  const named = ({ suffix = '', labels = {}, value }: Value) => ({ metricName: `${name}${suffix}`, labels, value })
  return { name, get: async () => ({ name, aggregator, ...told, values: values().map(named) }) } as unknown as Gauge
}
