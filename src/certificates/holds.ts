/**
 * Orders that must wait, because the authority or the limit of orders per hour demands it.
 */
import type { Hold } from './order-group.ts'
import { type Priority, priorities } from './plan.ts'

export interface Holds {
  add(hold: Hold): void
  /** @returns until when orders of a priority must wait, in milliseconds since 1970; 0 if they need not */
  until(priority: Priority): number
  /** Ends all of them, because the clock has been set back. */
  expire(): void
}

/** @param clock milliseconds since 1970 */
export function createHolds(clock: () => number): Holds {
  const untils = new Map<Priority, number>()
  return {
    add({ priority, until }) {
      untils.set(priority, Math.max(until, untils.get(priority) ?? 0))
    },
    until(priority) {
      const concerned = priorities.slice(0, priorities.indexOf(priority) + 1)
      const until = Math.max(...concerned.map(each => untils.get(each) ?? 0))
      return until > clock() ? until : 0
    },
    expire: () => untils.clear()
  }
}
