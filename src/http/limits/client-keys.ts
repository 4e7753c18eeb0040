/**
 * The names under which a client is counted: its own, and those of the networks around it.
 *
 * Why networks too: one customer can have more than one address. Providers assign a /56 or a /48 of IPv6 to a household or
 * a server (RFC 6177, RIPE-690), and a /24 is the smallest network of IPv4 that is routed.
 */
import { isIPv6 } from 'node:net'
import { detached } from '../../formats/detached.ts'
import type { CurrentLimits } from '../../settings/limits.ts'
import { perValue } from '../../sources/per-table.ts'
import type { ProxyTrust } from '../proxy.ts'
import { createNetworks } from './networks.ts'

/**
 * Names from the client outward: an IPv4 address and its /24, or the /64, /56 and /48 of an IPv6 address. `networkShare`
 * says how much more than a client each of them may have.
 */
export type ClientNames = readonly [client: string, ...networks: string[]]

/** @param address undefined where the connection is closed. @returns undefined where the address is not limited */
export type ClientKeys = (address: string | undefined) => ClientNames | undefined

/** How many are kept: addresses are cheap to strangers, and finding the names takes 5 µs (Node 24.21, 2026-11-30). */
const mostKept = 10_000

/** @returns how many times the limit of one client its network may have. @param level of its name: 0 is the client */
export function networkShare(level: number): number {
  return 2 ** level
}

/** @param trusts a proxy that does not name its client stands for many */
export function createClientKeys(limitsOf: CurrentLimits<'rate'>, { trusts }: Pick<ProxyTrust, 'trusts'>): ClientKeys {
  const currentOf = perValue(limitsOf, ({ rate }) => ({
    allowed: createNetworks(rate.allow),
    kept: new Map<string, ClientNames | 'unlimited'>()
  }))
  return (asked = '') => {
    const { allowed, kept } = currentOf()
    const before = kept.get(asked)
    if (before !== undefined) return before === 'unlimited' ? undefined : before
    // Why: it may be a part of a header. The names, which are made of it, are kept elsewhere too.
    const address = detached(asked)
    const isFree = address === '' || trusts(address) || allowed.has(address)
    const names = isFree ? 'unlimited' : namesOf(address)
    if (kept.size >= mostKept) kept.clear()
    kept.set(address, names)
    return names === 'unlimited' ? undefined : names
  }
}

/** @param address IPv4 or IPv6, in any spelling. @returns those of IPv4 for an IPv4 address that is written as IPv6 */
export function namesOf(address: string): ClientNames {
  if (!isIPv6(address)) return namesOfIPv4(address)
  const [a, b, c, d = 0, e, f, g = 0, h = 0] = groupsOf(address)
  // Spec: RFC 4291 2.5.5.2: ::ffff:0:0/96 are addresses of IPv4.
  const isIPv4 = (a || b || c || d || e) === 0 && f === 0xffff
  if (isIPv4) return namesOfIPv4([g >> 8, g & 255, h >> 8, h & 255].join('.'))
  const network = (...groups: readonly (number | undefined)[]) =>
    `${groups.map(group => group?.toString(16)).join(':')}::`
  return [network(a, b, c, d), `${network(a, b, c, d & 0xff00)}/56`, `${network(a, b, c)}/48`]
}

function namesOfIPv4(address: string): ClientNames {
  return [address, `${address.slice(0, address.lastIndexOf('.'))}.0/24`]
}

/** @returns an IPv6 address in its shortest spelling (RFC 5952), in hexadecimal digits only and without its zone */
export function canonicalIPv6(address: string): string {
  const [withoutZone = ''] = address.split('%')
  return new URL(`http://[${withoutZone}]`).hostname.slice(1, -1)
}

/** @returns the eight groups of an IPv6 address in any spelling, with or without a zone */
function groupsOf(address: string): number[] {
  const [before = '', after] = canonicalIPv6(address).split('::')
  const numbers = (groups: string) => (groups === '' ? [] : groups.split(':').map(group => Number.parseInt(group, 16)))
  if (after === undefined) return numbers(before)
  const [first, last] = [numbers(before), numbers(after)]
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
}
