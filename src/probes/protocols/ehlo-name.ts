/**
 * The name that an SMTP client gives itself.
 */
import { isIPv4, isIPv6 } from 'node:net'

/**
 * Spec: RFC 5321 4.1.4: a client without a name of its own says its address, as 4.1.3 writes it.
 * @param localAddress of the connection, as node gives it
 */
export function ehloName(localAddress: string | undefined): string {
  const address = String(localAddress).replace(/^::ffff:(?=[\d.]+$)/, '')
  if (isIPv4(address)) return `[${address}]`
  const [withoutZone] = address.split('%', 1)
  return isIPv6(address) ? `[IPv6:${withoutZone}]` : '[127.0.0.1]'
}
