/**
 * Counts requests of clients, and of the networks around them, in windows of time that begin with the first request.
 *
 * Why the largest network is checked first: once a network has reached its limit, its further addresses must not fill the memory.
 * Why the client is counted first: its refused requests must not count against its network, or one client could lock out its
 * neighbours.
 */
import { type ClientNames, networkShare } from './client-keys.ts'

export interface CounterOptions {
  /** Requests of one client in a window. Its networks may have more: see `networkShare`. */
  readonly limit: number
  readonly windowMs: number
}

/**
 * Counts a request.
 * @param now milliseconds of a clock that never goes back
 * @param weight how many requests it counts as
 * @returns milliseconds until the client may ask again; 0: the request is within all limits
 */
export type Counter = (names: ClientNames, now: number, weight: number) => number

interface Window {
  used: number
  /** A time of the clock. */
  readonly ends: number
}

/** Why a limit: addresses cost a stranger nothing. A client has three names at most, so this is enough for 10,000. */
const maxWindows = 30_000

/** @param optionsOf as they are now. A window that has begun keeps its end */
export function createCounter(optionsOf: () => CounterOptions): Counter {
  const windows = new Map<string, Window>()

  function windowAt(name: string, now: number): Window | undefined {
    const window = windows.get(name)
    return window !== undefined && now < window.ends ? window : undefined
  }

  function openWindow(name: string, now: number, windowMs: number): Window {
    if (windows.size >= maxWindows) windows.clear()
    const window = { used: 0, ends: now + windowMs }
    windows.set(name, window)
    return window
  }

  return (names, now, weight) => {
    const { limit, windowMs } = optionsOf()
    const opened = names.map(name => windowAt(name, now))
    const full = opened.findLast((window, level) => window !== undefined && window.used >= limit * networkShare(level))
    if (full !== undefined) return full.ends - now
    for (const [level, name] of names.entries()) {
      const window = opened[level] ?? openWindow(name, now, windowMs)
      window.used += weight
      if (window.used > limit * networkShare(level)) return window.ends - now
    }
    return 0
  }
}
