/**
 * What a worker tells the primary process.
 */
import type { ProcessMetrics } from '../../admin/metrics.ts'

/** Where a server listens, as the system says. */
interface Place {
  readonly address: string
  readonly port: number
}

/** A worker listens, here. */
export interface Ready {
  readonly plain: readonly Place[]
  readonly secure: readonly Place[]
}

export type Report =
  | { readonly type: 'ready'; readonly ready: Ready }
  /** It cannot start, and ends. */
  | { readonly type: 'unable'; readonly code: string; readonly message: string }
  /** A sign of life. */
  | { readonly type: 'pong'; readonly beat: number }
  /** The answer to a question, or its last words. */
  | { readonly type: 'measured'; readonly question: number | undefined; readonly snapshot: ProcessMetrics }
