/**
 * What a worker needs to know at its start, and cannot read for itself.
 */
import type { Places } from '../addresses.ts'

export interface Task {
  /** The settings. */
  readonly file: string
  /** The settings, where they come from options and not from the file. */
  readonly text?: string | undefined
  /** What the file had last that was good, where it is broken. */
  readonly lastGood?: string
  readonly places: Pick<Places, 'http' | 'tls'>
  /** How many share the limits. */
  readonly workers: number
  /** Somebody wants to know what it measures. */
  readonly isMeasured: boolean
}
