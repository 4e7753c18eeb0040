/**
 * Pauses that can be cut short.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Rest } from '../certificates/orderer.ts'

export function createRest(): Rest {
  let wake: () => void = () => undefined
  return {
    async sleep(milliseconds) {
      const { promise, resolve } = Promise.withResolvers<void>()
      // Why unref: a service that has stopped must not wait for it.
      const timer = setTimeout(resolve, milliseconds).unref()
      wake = resolve
      await promise
      clearTimeout(timer)
    },
    wake: () => wake()
  }
}

/** @returns a function that resolves after the time, and rejects when the signal is aborted */
export function createPause(signal: AbortSignal): (milliseconds: number) => Promise<void> {
  return milliseconds => sleep(milliseconds, undefined, { signal })
}
