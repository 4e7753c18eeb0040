import type { Test } from 'tap'

/**
 * Like tap's `match`, but each list must be exactly as long as the list in the pattern.
 * Why: tap's `match` ignores further elements, so it accepts any list where the pattern is `[]`.
 */
export function matchLists(t: Test, found: unknown, pattern: object): void {
  t.match(found, withLengths(pattern))
}

function withLengths(pattern: unknown): unknown {
  if (Array.isArray(pattern)) return { ...pattern.map(withLengths), length: pattern.length }
  if (pattern === null || typeof pattern !== 'object' || Object.getPrototypeOf(pattern) !== Object.prototype) {
    return pattern
  }
  return Object.fromEntries(Object.entries(pattern).map(([key, value]) => [key, withLengths(value)]))
}
