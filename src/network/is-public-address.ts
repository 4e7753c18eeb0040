/**
 * Whether an IP address is one that strangers may be asked at: neither of a private network, nor of this machine, nor set
 * aside for documentation, tests or groups. Spec: the IANA registries of special-purpose addresses (RFC 6890).
 */
import { BlockList, isIP } from 'node:net'

const special = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3]
] as const

const refused = new BlockList()
for (const [network, prefix] of special) {
  // Why: the list finds ::ffff:10.0.0.1 by itself, but not what a NAT64 (RFC 6052) makes of it.
  refused.addSubnet(network, prefix, 'ipv4')
  refused.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6')
}
// Spec: RFC 4380, RFC 3056: both carry IPv4 addresses; RFC 3849, RFC 9637: for documentation.
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20]
] as const) {
  refused.addSubnet(network, prefix, 'ipv6')
}

// Spec: RFC 4291 2.4: what is given out so far.
const given = new BlockList()
given.addSubnet('2000::', 3, 'ipv6')
given.addSubnet('64:ff9b::', 96, 'ipv6')

/** @param address IPv4 or IPv6; anything else is not public */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !refused.check(address, 'ipv4')
  return version === 6 && given.check(address, 'ipv6') && !refused.check(address, 'ipv6')
}
