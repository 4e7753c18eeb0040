/**
 * Which domains and addresses belong to the public Internet, so that unknown hosts may be contacted there.
 */
import { BlockList, isIP } from 'node:net'

/**
 * Spec: the IANA registry of special-use domain names (RFC 6761).
 *
 * Why not .test and .example: programs should treat them like any other name (RFC 6761 6.2, 6.5).
 */
const specialNames = ['alt', 'arpa', 'internal', 'invalid', 'local', 'localhost', 'onion']

/** @param domain as A-labels. @returns whether it may exist in the public DNS: it has several labels, and no special-use name */
export function isPublicName(domain: string): boolean {
  const dot = domain.lastIndexOf('.')
  return dot > 0 && !specialNames.includes(domain.slice(dot + 1))
}

/** Spec: the IANA registries of special-purpose addresses (RFC 6890): private, local, documentation, tests, multicast. */
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
  // Why: the list also matches ::ffff:10.0.0.1, but not the address that a NAT64 (RFC 6052) makes of it.
  refused.addSubnet(network, prefix, 'ipv4')
  refused.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6')
}
// Spec: 2001::/23 and 2002::/16 contain IPv4 addresses (RFC 4380, RFC 3056); the others are for documentation (RFC 3849, RFC 9637).
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20]
] as const) {
  refused.addSubnet(network, prefix, 'ipv6')
}

// Spec: only these addresses are assigned so far (RFC 4291 2.4).
const assigned = new BlockList()
assigned.addSubnet('2000::', 3, 'ipv6')
assigned.addSubnet('64:ff9b::', 96, 'ipv6')

/** @param address IPv4 or IPv6; anything else is not public */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address)
  if (version === 4) return !refused.check(address, 'ipv4')
  return version === 6 && assigned.check(address, 'ipv6') && !refused.check(address, 'ipv6')
}
