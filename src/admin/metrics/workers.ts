/**
 * What Prometheus reads of workers.
 */
import type { Measure } from './measure.ts'

export interface Working {
  readonly counts: { readonly restarts: number }
  /** How many there are, by what they do. */
  readonly sizes: Readonly<Record<'serving' | 'starting' | 'leaving', number>>
}

export function workerMeasures(working: Working): readonly Measure[] {
  return [
    {
      type: 'gauge',
      name: 'signpost_workers',
      help: 'Processes that answer, that start, and that end after another one has taken their place.',
      values: () => Object.entries(working.sizes).map(([state, value]) => ({ labels: { state }, value }))
    },
    {
      type: 'counter',
      name: 'signpost_worker_restarts_total',
      help: 'How often a worker had to be replaced that ended unasked.',
      values: () => [{ value: working.counts.restarts }]
    }
  ]
}
