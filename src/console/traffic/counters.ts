/**
 * The counters that the history of requests is made from: of this process, or of all workers.
 */
import type { ProcessMetrics } from '../../admin/metrics.ts'
import type { Tally } from '../../http/log/tally.ts'
import type { Count, Counters } from './history.ts'

/** @returns the counters of this process */
export function countersOfTally({ requests, errors }: Pick<Tally, 'requests' | 'errors'>): Counters {
  return { requests: [...requests], errors: [...errors].map(([code, count]) => ({ labels: { code }, count })) }
}

/** @param all the metrics of each worker, and those of ended workers. @returns their sums */
export function countersOfWorkers(all: readonly ProcessMetrics[]): Counters {
  return { requests: sumOf('signpost_requests_total', all), errors: sumOf('signpost_errors_total', all) }
}

function sumOf(name: string, all: readonly ProcessMetrics[]): Count[] {
  const sums = new Map<string, { readonly labels: Count['labels']; count: number }>()
  for (const metric of all.flat() as readonly Partial<Metric>[]) {
    if (metric.name !== name) continue
    for (const { labels, value } of metric.values ?? []) {
      const key = JSON.stringify(labels)
      const sum = sums.get(key) ?? { labels, count: 0 }
      sum.count += value
      sums.set(key, sum)
    }
  }
  return [...sums.values()]
}

/** A metric as prom-client writes it to JSON. */
interface Metric {
  readonly name: string
  readonly values: readonly { readonly labels: Count['labels']; readonly value: number }[]
}
