/**
 * How Thunderbird checks a value and fills in placeholders: releases-comm-central cf9726f, InputSanitizer.sys.mjs and
 * AccountConfig.sys.mjs.
 */

import { isIPv6 } from 'node:net'
import { type FoundServer, Refusal } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { type Jxon, stringOf } from '../xml/jxon.ts'

const hostWithPlaceholders = /^[a-zA-Z0-9\-.]*(%[A-Z0-9]+%[a-zA-Z0-9\-.]*)+$/

// Observed: InputSanitizer.hostname, nonemptystring.
export function toHost(value: Jxon | undefined): string {
  const text = value ? stringOf(value).trim() : ''
  if (hostWithPlaceholders.test(text)) return text
  if (!isHostName(text)) throw new Refusal(`an invalid host name: ${stringOf(value)}`)
  return text.toLowerCase()
}

// Observed: InputSanitizer.integer: parseInt without a radix reads `993 (TLS)` as 993, and `0x1 (?)` as 1.
export function toInteger(value: Jxon | undefined): number {
  if (typeof value === 'number' && !Number.isNaN(value)) return Math.trunc(value)
  const text = stringOf(value)
  const number = Number.parseInt(text, /^\s*[+-]?0x/i.test(text) ? 16 : 10)
  if (Number.isNaN(number)) throw new Refusal(`an invalid number: ${text}`)
  return number
}

// Observed: InputSanitizer.integerRange.
export function toPort(value: Jxon | undefined): number {
  const port = toInteger(value)
  if (port < 1 || port > 65535) throw new Refusal(`an invalid port: ${port}`)
  return port
}

/** Why: %REALNAME% is not replaced because the name of the person is not known. */
export function fillIn({ incoming, outgoing }: Servers, address: string): Servers {
  return { incoming: fillInServer(incoming, address), outgoing: outgoing && fillInServer(outgoing, address) }
}

function fillInServer(server: FoundServer, address: string): FoundServer {
  const at = address.lastIndexOf('@')
  // Observed: AccountConfig.replaceVariables, in this order: a local part %EMAILDOMAIN% is itself replaced.
  const variables = {
    '%EMAILADDRESS%': address,
    '%EMAILLOCALPART%': address.slice(0, at),
    '%EMAILDOMAIN%': address.slice(at + 1).toLowerCase()
  }
  const replace = (text: string) =>
    Object.entries(variables).reduce((done, [name, value]) => done.replaceAll(name, value), text)
  return { ...server, host: replace(server.host), username: server.username && replace(server.username) }
}

// Observed: releases-comm-central cf9726f, hostnameUtils.sys.mjs: isLegalHostName; thunderbird-android a59bd67,
// HostNameUtils.kt is a copy. All IPv4 addresses count as names.
const label = '(?:[a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])'
const hostName = new RegExp(`^(?:${label}\\.)*${label}\\.?$`, 'i')

/**
 * Whether Thunderbird and Thunderbird for Android accept a host: a name in ASCII or an IP address.
 *
 * @param text trimmed by the caller if the program trims it
 */
export function isHostName(text: string): boolean {
  return (text.length <= 255 && hostName.test(text)) || (isIPv6(text) && !text.includes('%'))
}
