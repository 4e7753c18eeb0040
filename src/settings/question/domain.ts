/**
 * Domain names in canonical form: A-labels in lower case without a trailing dot (RFC 5890 2.3.2.1, RFC 1035 2.3.1).
 */
import { isIP } from 'node:net'
import { domainToASCII, domainToUnicode } from 'node:url'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
const hostName = new RegExp(`^${label}(?:\\.${label})*$`)
const canonical = /^[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*\.[a-z]{2,63}$/

/** Spec: RFC 1035 2.3.4: octets of a name without its trailing dot. */
export const longestDomain = 253

/**
 * @param text a domain in any letter case, as U-labels or A-labels, with or without a trailing dot
 * @returns the domain as A-labels, or undefined if it is not one: empty, over 253 octets, a label over 63, an IP address
 */
export function toDomain(text: string): string | undefined {
  if (text.length < 64 && canonical.test(text)) return text
  // Why: the length, in UTF-16 units, is checked first, because the time that domainToASCII takes grows with its square
  // (26 ms for 11 kB of ideographs). A-labels have at least as many characters as the letters of the Basic Multilingual
  // Plane that they encode.
  if (text.length > longestDomain + 1) return undefined
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  // Why: domainToASCII extracts a host from 'a.example/path' and 'a%62.example'.
  if (/[/?#\\%@:\s]/.test(bare)) return undefined
  const ascii = domainToASCII(bare)
  if (ascii.length > longestDomain || !hostName.test(ascii)) return undefined
  // Why: it reads '1.2.3' as an IPv4 address and returns '1.2.0.3'. No top-level domain is numeric (RFC 3696 2).
  return /(?:^|\.)\d+$/.test(ascii) ? undefined : ascii
}

/** @returns the domain with U-labels, for people to read */
export function toUnicode(domain: string): string {
  return domainToUnicode(domain)
}

/**
 * @param host a name, an IP address, or the folder or path of a socket
 * @returns whether the host is this machine, so that the connection cannot be intercepted on a network
 */
export function isThisMachine(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1'
}
