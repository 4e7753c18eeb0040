/**
 * Host names that clients requested and that do not lead here, although their domain has a certificate. Each is checked less and
 * less often, so that strangers cannot have the same names checked all the time. Memory is limited.
 */
import { waitAfterFailure } from './plan.ts'

export interface Refusals {
  /** @returns whether a name must not be checked yet */
  has(name: string): boolean
  /** A name did not lead here. */
  add(name: string): void
  delete(name: string): void
  /** Makes all names due, because the clock has been set back. */
  expire(): void
}

/** Why the oldest is dropped beyond that: it takes this many handshakes until a name is checked too early. */
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
    add(name) {
      const failures = (refusals.get(name)?.failures ?? 0) + 1
      const until = clock() + waitAfterFailure({ origin: 'here', failures, retryAfterMs: undefined }, name)
      refusals.delete(name)
      refusals.set(name, { failures, until })
      const [oldest = name] = refusals.keys()
      if (refusals.size > mostRefusals) refusals.delete(oldest)
    },
    delete: name => void refusals.delete(name),
    expire: () => refusals.clear()
  }
}
