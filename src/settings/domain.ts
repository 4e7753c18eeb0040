/**
 * Domain names as they are compared and sent: A-labels, small letters, no trailing dot (RFC 5890 2.3.2.1, RFC 1035 2.3.1).
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
 * @returns the domain as A-labels, or undefined where it is none: empty, over 253 octets, a label over 63, an IP address
 */
export function toDomain(text: string): string | undefined {
  if (text.length < 64 && canonical.test(text)) return text
  // Why first, and in UTF-16 units: the time that domainToASCII takes grows with the square of the length (26 ms for 11 kB
  // of ideographs). A-labels have at least as many characters as the letters of the Basic Multilingual Plane they encode.
  if (text.length > longestDomain + 1) return undefined
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  // Why: domainToASCII reads a host out of 'a.example/path' and 'a%62.example'.
  if (/[/?#\\%@:\s]/.test(bare)) return undefined
  const ascii = domainToASCII(bare)
  if (ascii.length > longestDomain || !hostName.test(ascii)) return undefined
  // Why: it reads '1.2.3' as an IPv4 address and answers '1.2.0.3'. No top-level domain is numeric (RFC 3696 2).
  return /(?:^|\.)\d+$/.test(ascii) ? undefined : ascii
}

/** @returns the domain with U-labels, for people to read */
export function toUnicode(domain: string): string {
  return domainToUnicode(domain)
}

//@@ src/settings/is-here.ts
//@@ /**
//@@  * Whether a server runs on this machine, so that nobody can listen on the way to it.
//@@  */
/** @param host a name, an address, or the folder or path of a socket */
export function isHere(host: string): boolean {
  if (host.startsWith('/') || host === 'localhost') return true
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1'
}
