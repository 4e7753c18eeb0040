/**
 * What Prometheus reads of workers.
 */
import type { Measure } from './measure.ts'

export interface Working {
  readonly counts: { readonly restarts: number; readonly hangs: number }
  /** How many there are, by state. */
  readonly sizes: Readonly<Record<'serving' | 'silent' | 'starting' | 'leaving', number>>
}

export function workerMeasures(working: Working): readonly Measure[] {
  return [
    {
      type: 'gauge',
      name: 'signpost_workers',
      help: 'Worker processes by state: serving, silent (they do not answer the supervisor process), starting, leaving.',
      values: () => Object.entries(working.sizes).map(([state, value]) => ({ labels: { state }, value }))
    },
    {
      type: 'counter',
      name: 'signpost_worker_restarts_total',
      help: 'Workers that were replaced because they ended unexpectedly.',
      values: () => [{ value: working.counts.restarts }]
    },
    {
      type: 'counter',
      name: 'signpost_worker_hangs_total',
      help: 'Workers that were killed because they did not answer, or did not become ready.',
      values: () => [{ value: working.counts.hangs }]
    }
  ]
}
