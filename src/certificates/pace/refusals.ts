/**
 * Host names that clients requested and that could not be added to the certificate of their domain. Each is tried less and less
 * often, so that strangers cannot have the same names tried all the time. Memory is limited.
 */
import { dropOldest } from '../drop-oldest.ts'
import { type Failure, waitAfterFailure } from './plan.ts'

export interface Refusals {
  /** @returns whether a name must not be tried yet */
  has(name: string): boolean
  /** @returns how often the name was refused in a row */
  add(name: string, refusal: Pick<Failure, 'origin' | 'retryAfterMs'>): number
  delete(name: string): void
  /** Makes all names due, because the clock has been set back. */
  expire(): void
}

/** Why the oldest is dropped beyond that: it takes this many handshakes until a name is tried too early. */
const mostRefusals = 10_000

interface Refusal {
  readonly failures: number
  /** Milliseconds since 1970. */
  readonly until: number
}

/** @param clock milliseconds since 1970 */
export function createRefusals(clock: () => number): Refusals {
  const refusals = new Map<string, Refusal>()
  return {
    has: name => clock() < (refusals.get(name)?.until ?? 0),
    add(name, refusal) {
      const failures = (refusals.get(name)?.failures ?? 0) + 1
      const until = clock() + waitAfterFailure({ ...refusal, failures }, name)
      refusals.delete(name)
      refusals.set(name, { failures, until })
      dropOldest(refusals, mostRefusals)
      return failures
    },
    delete: name => void refusals.delete(name),
    expire: () => refusals.clear()
  }
}
