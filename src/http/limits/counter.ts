/**
 * How much each key has used, in windows of time that begin with its first use.
 */
export interface Use {
  /** In the window, this time included. */
  readonly used: number
  /** When the window ends, in milliseconds of the same clock. */
  readonly ends: number
}

interface Held extends Use {
  used: number
}

/** @param now milliseconds of a clock that never goes back. @param weight how much is used */
export type Counter = (key: string, now: number, weight: number) => Use

/** Why a bound: addresses are cheap to strangers. Who has so many has no need of being forgotten. */
const mostKept = 10_000

export function createCounter(windowMs: number): Counter {
  const all = new Map<string, Held>()
  return (key, now, weight) => {
    const known = all.get(key)
    if (known !== undefined && now < known.ends) {
      known.used += weight
      return known
    }
    if (all.size >= mostKept) all.clear()
    const use = { used: weight, ends: now + windowMs }
    all.set(key, use)
    return use
  }
}
