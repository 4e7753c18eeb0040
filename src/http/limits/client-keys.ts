/**
 * The names under which a client is counted: its own, and those of the networks around it.
 *
 * Why networks too: one customer can have more than one address. Providers assign a /56 or a /48 of IPv6 to a household or
 * a server (RFC 6177, RIPE-690), and a /24 is the smallest network of IPv4 that is routed.
 */
import { normalizeIP } from '@fastify/rate-limit'
import { detached } from '../../formats/detached.ts'
import type { Limits } from '../../settings/limits.ts'
import type { ProxyTrust } from '../proxy.ts'
import { createNetworks } from './networks.ts'

/**
 * Names from the client outward: an IPv4 address and its /24, or the /64, /56 and /48 of an IPv6 address. `networkShare`
 * says how much more than a client each of them may have.
 */
export type ClientNames = readonly [client: string, ...networks: string[]]

/** @param address undefined where the connection is closed. @returns undefined where the address is not limited */
export type ClientKeys = (address: string | undefined) => ClientNames | undefined

/** How many are kept: addresses are cheap to strangers, and working the names out takes ten microseconds. */
const mostKept = 10_000

/** Bits of the IPv6 networks, the client first. */
const [household, ...around] = [64, 56, 48] as const

/** @returns how many times the limit of one client its network may have. @param level of its name: 0 is the client */
export function networkShare(level: number): number {
  return 2 ** level
}

/** @param trusts a proxy that does not name its client stands for many */
export function createClientKeys({ rate }: Pick<Limits, 'rate'>, { trusts }: Pick<ProxyTrust, 'trusts'>): ClientKeys {
  const allowed = createNetworks(rate.allow)
  const kept = new Map<string, ClientNames | 'unlimited'>()
  return (asked = '') => {
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

function namesOf(address: string): ClientNames {
  const client = normalizeIP(address, household)
  // Why the client decides: an IPv4 address may be written as one of IPv6.
  if (client.includes(':')) return [client, ...around.map(bits => `${normalizeIP(address, bits)}/${bits}`)]
  return [client, `${client.slice(0, client.lastIndexOf('.'))}.0/24`]
}
