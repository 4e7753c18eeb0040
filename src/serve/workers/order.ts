/**
 * What the primary process tells a worker that has started.
 */
import type { ReloadScope } from '../reloader.ts'

export type Order =
  /** Reloads the settings and keys; everything also expires cached lookups. */
  | { readonly type: 'reload'; readonly scope: ReloadScope }
  /** Answers with the same number at once. */
  | { readonly type: 'ping'; readonly beat: number }
  /** Reports its figures, under the number of the question. */
  | { readonly type: 'measure'; readonly question: number }
  /** Ends by and by, without losing a request: another one has taken its place. */
  | { readonly type: 'leave' }
  /** Finishes the requests under way, and ends. */
  | { readonly type: 'stop'; readonly boundMs: number }
