/**
 * What Thunderbird and Thunderbird for Android take for a host: a name in ASCII or an IP address.
 */
import { isIPv6 } from 'node:net'

// Observed: releases-comm-central cf9726f, hostnameUtils.sys.mjs: isLegalHostName; thunderbird-android a59bd67,
// HostNameUtils.kt is a copy. Every IPv4 address passes for a name.
const label = '(?:[a-z0-9]|[a-z0-9][a-z0-9-]{0,61}[a-z0-9])'
const hostName = new RegExp(`^(?:${label}\\.)*${label}\\.?$`, 'i')

/** @param text trimmed by the caller where the program does it */
export function isHostName(text: string): boolean {
  return (text.length <= 255 && hostName.test(text)) || (isIPv6(text) && !text.includes('%'))
}
