/**
 * All figures of one process at one time, as they go from a process to another one.
 */
import type { Labels } from '../../http/log/tally.ts'
import type { Measure } from './measure.ts'

export type Snapshot = readonly Figures[]

/** Of one measure, or of one of prom-client's own, as that writes them. */
export interface Figures extends Pick<Measure, 'name' | 'help'> {
  readonly type: string
  readonly aggregator: string
  readonly values: readonly { readonly metricName?: string; readonly labels: Labels; readonly value: number }[]
}
