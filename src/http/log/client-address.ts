/**
 * The client's address as the log has it: not at all, shortened to its network, or whole.
 */
import { isIPv4 } from 'node:net'
import { detached } from '../../formats/detached.ts'
import type { Settings } from '../../settings/schema.ts'
import { canonicalIPv6, namesOf } from '../limits/client-keys.ts'

/** How many are kept: working one out takes microseconds. */
const mostKept = 10_000

/**
 * Why networks of these sizes: they have more than one customer, except for the largest (see limits/client-keys.ts).
 * @param clientOf the address of a request's client, empty if the connection is closed; not called if none is logged
 * @returns the address of a request for the log: an IPv4 address also if it is written as IPv6 (RFC 4291 2.5.5.2), and IPv6
 * in its shortest form
 */
export function createLoggedAddress<Request>(
  settings: Settings['log'],
  clientOf: (request: Request) => string
): (request: Request) => string | undefined {
  const { clientAddress = 'none' } = settings ?? {}
  if (clientAddress === 'none') return () => undefined
  const shorten = clientAddress === 'network' ? networkOf : wholeAddress
  const kept = new Map<string, string>()
  return request => {
    const address = clientOf(request)
    const known = kept.get(address)
    if (known !== undefined) return known
    if (address === '') return undefined
    const logged = shorten(address)
    if (kept.size >= mostKept) kept.clear()
    // Why: it may be a part of a header, which would be kept as a whole.
    kept.set(detached(address), logged)
    return logged
  }
}

function wholeAddress(address: string): string {
  const [client] = namesOf(address)
  return isIPv4(client) ? client : canonicalIPv6(address)
}

function networkOf(address: string): string {
  return String(namesOf(address).at(-1))
}
