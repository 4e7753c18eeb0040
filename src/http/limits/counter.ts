/**
 * How often each key came, in windows of time that begin with its first coming.
 */
interface Count {
  times: number
  /** Milliseconds. */
  ends: number
}

/** @returns how often the key has come in its window, this time included. @param now milliseconds of a clock that never goes back */
export type Counter = (key: string, now: number) => number

/** Why a bound: addresses are cheap to strangers. Who has so many has no need of being forgotten. */
const mostKept = 10_000

export function createCounter(windowMs: number): Counter {
  const counts = new Map<string, Count>()
  return (key, now) => {
    const count = counts.get(key)
    if (count !== undefined && now < count.ends) return ++count.times
    if (counts.size >= mostKept) counts.clear()
    counts.set(key, { times: 1, ends: now + windowMs })
    return 1
  }
}
