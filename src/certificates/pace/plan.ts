/**
 * When a certificate is renewed, when a failed attempt is repeated, and which names an order has. These are pure functions:
 * what looks random depends on the name, so that nodes agree and thousands of certificates are not due at the same time.
 */
import { hash } from 'node:crypto'
import type { RenewalWindow } from '../../acme/renewal-information.ts'

const minuteMs = 60 * 1000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

export interface Validity {
  /** Milliseconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
}

/**
 * After two thirds of the lifetime, or within the window that the authority suggests.
 * @param key of the group
 * @returns milliseconds since 1970
 */
export function renewalTime(
  { notBefore, notAfter }: Validity,
  key: string,
  window?: Pick<RenewalWindow, 'start' | 'end'>
): number {
  const life = notAfter - notBefore
  if (window === undefined) return notBefore + life * (2 / 3 + fractionOf(key) / 30)
  const suggested = window.start + (window.end - window.start) * fractionOf(key)
  // Why: even if the authority suggests a later time, several attempts must be possible.
  return Math.min(suggested, notAfter - life / 6)
}

/** @returns when the authority is asked again about the renewal, in milliseconds since 1970 */
export function nextRenewalQuestion(retryAfterMs: number | undefined, now: number): number {
  return now + Math.min(Math.max(retryAfterMs ?? 6 * hourMs, hourMs), dayMs)
}

/**
 * What failed: the check of this service, before it asked the authority; the authority itself, or the way to it; the order, which
 * the authority refused; or the clock of this machine, according to a new certificate.
 */
export type FailureOrigin = 'here' | 'unavailable' | 'refused' | 'clock'

const waits = {
  // Why faster than others: only our own request failed, and DNS records are often set up a bit later.
  here: { firstMs: minuteMs, mostMs: hourMs },
  unavailable: { firstMs: 5 * minuteMs, mostMs: hourMs },
  refused: { firstMs: 5 * minuteMs, mostMs: dayMs },
  // Why so long: the certificate is good, and authorities limit the number of certificates for the same names in a week.
  clock: { firstMs: 2 * dayMs, mostMs: 2 * dayMs }
} satisfies Record<FailureOrigin, object>

export interface Failure {
  readonly origin: FailureOrigin
  /** Of consecutive attempts, this one included. */
  readonly failures: number
  /** What the authority demands. */
  readonly retryAfterMs: number | undefined
}

/** @param key of the group. @returns milliseconds until the next attempt */
export function waitAfterFailure({ origin, failures, retryAfterMs = 0 }: Failure, key: string): number {
  const { firstMs, mostMs } = waits[origin]
  // Why a limit for the exponent: the number of failures is not limited.
  const wait = Math.min(firstMs * 2 ** Math.min(failures - 1, 20), mostMs)
  return Math.max(wait * (1 + fractionOf(key) / 10), retryAfterMs)
}

/**
 * Who may use up the orders of an hour: renewals all of them, names of the settings most of them, and names that strangers can
 * invent (`open`) the fewest. Why: otherwise strangers could delay all others.
 */
export type Priority = keyof typeof shares

const shares = { renewal: 1, listed: 0.9, customer: 0.75, open: 0.5 }

/** From the most important one to the least important one. */
export const priorities = Object.keys(shares) as readonly Priority[]

/** @returns after how many orders in an hour there are none left for a priority */
export function mostOrders(ordersPerHour: number, priority: Priority): number {
  return Math.max(1, Math.floor(ordersPerHour * shares[priority]))
}

export interface NamesToOrder {
  /** That should be covered. */
  readonly names: readonly string[]
  /** Those of them that the authority can reach. */
  readonly reachable: readonly string[]
  /** The certificate in use. */
  readonly current: (Validity & { readonly names: readonly string[] }) | undefined
  /** When the certificate in use must be renewed. */
  readonly renewAt: number
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * @returns the names to order now; empty if there is nothing to order. A certificate is not replaced by one with fewer names
 * before it is about to expire: a name that cannot be reached at the moment may come back.
 */
export function namesToOrder({ names, reachable, current, renewAt, now }: NamesToOrder): readonly string[] {
  if (current === undefined) return reachable
  const lost = current.names.filter(name => names.includes(name) && !reachable.includes(name))
  const isLate = now > current.notAfter - (current.notAfter - current.notBefore) / 6
  if (lost.length > 0 && !isLate) return []
  const isComplete = reachable.every(name => current.names.includes(name))
  return isComplete && now < renewAt ? [] : reachable
}

/** @returns a number from 0 to 1, always the same for the same key */
function fractionOf(key: string): number {
  return Number.parseInt(hash('sha256', key).slice(0, 8), 16) / 0x1_0000_0000
}
