/**
 * What the primary process tells a worker that has started.
 */
export type Order =
  /** Reads again what has changed, or everything: then all that was kept is asked for again. */
  | { readonly type: 'reread'; readonly what: 'everything' | 'changes' }
  /** Answers with the same number at once. */
  | { readonly type: 'ping'; readonly beat: number }
  /** Reports its figures, under the number of the question. */
  | { readonly type: 'measure'; readonly question: number }
  /** Ends by and by, without losing a request: another one has taken its place. */
  | { readonly type: 'leave' }
  /** Finishes the requests under way, and ends. */
  | { readonly type: 'stop'; readonly boundMs: number }
