/**
 * Under which name a client is counted: an IPv4 address, or the /64 of an IPv6 address, which is one household's.
 */
import { normalizeIP } from '@fastify/rate-limit'
import type { Limits } from '../settings/limits.ts'
import { createNetworks } from './networks.ts'
import type { ProxyTrust } from './proxy.ts'

/** @param address undefined where the connection is closed. @returns undefined where the address is not limited */
export type ClientKeys = (address: string | undefined) => string | undefined

/** How many are kept: addresses are cheap to strangers, and working a key out takes ten microseconds. */
const mostKept = 10_000

const prefix = 64

/** @param trusts a proxy that does not name its client stands for many */
export function createClientKeys({ rate }: Pick<Limits, 'rate'>, { trusts }: Pick<ProxyTrust, 'trusts'>): ClientKeys {
  const allowed = createNetworks(rate.allow)
  const kept = new Map<string, string>()
  const limited = ''
  return (address = '') => {
    const before = kept.get(address)
    if (before !== undefined) return before === limited ? undefined : before
    const free = address === '' || trusts(address) || allowed.has(address)
    const key = free ? limited : normalizeIP(address, prefix)
    if (kept.size >= mostKept) kept.clear()
    kept.set(address, key)
    return free ? undefined : key
  }
}
