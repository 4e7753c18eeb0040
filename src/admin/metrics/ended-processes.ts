/**
 * What processes have counted that are gone: without it a counter would fall whenever one of them is replaced, which
 * Prometheus takes for a new beginning.
 */
import { AggregatorRegistry } from 'prom-client'
import type { Figures, Snapshot } from './process-figures.ts'

export interface Totals {
  /** @param last what a process that is gone has measured */
  add(last: Snapshot): void
  /** All counters and histograms that were added, as one. */
  readonly snapshot: Snapshot
}

/** What prom-client says nothing of: a sum of registries holds figures that do not change. */
interface Gettable {
  get(): Figures
}

export function createTotals(): Totals {
  let snapshot: Snapshot = []
  return {
    add(last) {
      const counted = last.filter(({ type }) => type !== 'gauge')
      const sum = AggregatorRegistry.aggregate([snapshot, counted] as object[])
      snapshot = (sum.getMetricsAsArray() as unknown as Gettable[]).map(metric => metric.get())
    },
    get snapshot() {
      return snapshot
    }
  }
}
