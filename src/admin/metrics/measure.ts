/**
 * One thing that is measured. Every figure is looked up when it is asked for.
 */
import type { Labels } from '../../http/log/tally.ts'

export interface Measure {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly help: string
  /** What several processes come to. Default: sum. */
  readonly aggregator?: 'sum' | 'min' | 'max' | 'first'
  readonly values: () => readonly Value[]
}

export interface Value {
  /** Of the name: a histogram has `_bucket`, `_sum` and `_count`. */
  readonly suffix?: string
  readonly labels?: Labels
  readonly value: number
}
