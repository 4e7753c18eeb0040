/**
 * Orders that must wait, because the authority or the limit of orders per hour demands it.
 */
import type { Hold, Trouble } from '../order-group.ts'
import { type Priority, priorities } from './plan.ts'

export interface Holds {
  add(hold: Hold): void
  /** An order has failed. @param key of its group */
  addTrouble(key: string, trouble: Trouble): void
  /** An order has succeeded. */
  endTrouble(): void
  /**
   * @param key of a group
   * @returns until when its orders must wait, in milliseconds since 1970; 0 if they need not
   */
  until(priority: Priority, key?: string): number
  /** Ends all of them, because the clock has been set back. */
  expire(): void
}

const minuteMs = 60 * 1000
const longestMs = { all: 15 * minuteMs, domain: 60 * minuteMs }

/** After so many domains in a row, the authority means all of them. */
const mostLimited = 3

/** @param clock milliseconds since 1970 */
export function createHolds(clock: () => number): Holds {
  const untils = new Map<Priority, number>()
  const domains = new Map<string, number>()
  let troubles = 0
  let last: Trouble['kind'] | undefined

  function add({ priority, until }: Hold): void {
    untils.set(priority, Math.max(until, untils.get(priority) ?? 0))
  }

  return {
    add,
    addTrouble(key, { kind, retryAfterMs = 0 }) {
      const now = clock()
      troubles = kind === last ? troubles + 1 : 1
      last = kind
      // Why doubled: an authority that is down should find few requests when it starts again.
      const ownMs = Math.min(minuteMs * 2 ** Math.min(troubles - 1, 10), longestMs.all)
      const all = { priority: 'renewal', until: now + Math.max(ownMs, Math.min(retryAfterMs, longestMs.all)) } as const
      if (kind === 'unavailable') return add(all)
      // Why not all at once: Let's Encrypt limits the certificates of a domain, too, and other domains need not wait for it.
      for (const [domain, until] of domains) if (until <= now) domains.delete(domain)
      domains.set(domainOf(key), now + Math.max(ownMs, Math.min(retryAfterMs, longestMs.domain)))
      if (troubles >= mostLimited) add(all)
    },
    endTrouble() {
      troubles = 0
    },
    until(priority, key) {
      const concerned = priorities.slice(0, priorities.indexOf(priority) + 1)
      const ofDomain = key === undefined ? undefined : domains.get(domainOf(key))
      const until = Math.max(ofDomain ?? 0, ...concerned.map(each => untils.get(each) ?? 0))
      return until > clock() ? until : 0
    },
    expire() {
      untils.clear()
      domains.clear()
    }
  }
}

/** Why two labels: this is the registered domain, or many of them, which then wait for one another a little longer than necessary. */
function domainOf(key: string): string {
  return key.split('.').slice(-2).join('.')
}
