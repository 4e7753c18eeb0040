/**
 * How long to wait before a worker is started again: one that has worked for a while, and the first that has not, are
 * replaced at once; after that it takes longer and longer, so that a fault that comes back takes not all of the machine.
 */
export interface Backoff {
  /** @param lived milliseconds since the worker was started. @returns milliseconds */
  waitAfter(lived: number): number
}

/** Who has lived as long has no fault that comes back at once. */
const longMs = 10_000

const firstMs = 100
const mostMs = 10_000

export function createBackoff(): Backoff {
  let short = 0
  return {
    waitAfter(lived) {
      if (lived >= longMs) short = 0
      else short += 1
      return short < 2 ? 0 : Math.min(firstMs * 2 ** (short - 2), mostMs)
    }
  }
}
