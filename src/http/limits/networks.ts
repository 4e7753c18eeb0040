/**
 * Which addresses belong to a list of networks.
 */
import { BlockList, isIP } from 'node:net'
import { detached } from '../../formats/detached.ts'

export interface Networks {
  /** @param address IPv4 or IPv6, also IPv4 in IPv6; any other text is in no network */
  has(address: string): boolean
}

/** Why kept: looking costs half a microsecond, and one proxy brings every request. */
const mostKept = 1000

/** @param networks addresses or networks (10.0.0.0/8) as `settings/check/network.ts` lets them pass */
export function createNetworks(networks: readonly string[]): Networks {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  const kept = new Map<string, boolean>()
  return {
    has(address) {
      const before = kept.get(address)
      if (before !== undefined) return before
      const inside = isIP(address) !== 0 && list.check(address, familyOf(address))
      if (kept.size >= mostKept) kept.clear()
      kept.set(detached(address), inside)
      return inside
    }
  }
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}
