/**
 * Whether an answer can only have come from the domain itself: by https all the way, from a host of the domain.
 */
import type { Visit } from './examination.ts'
import type { Subject } from './examined-domain.ts'

/** Why of the domain: the DNS names other hosts too, and may be forged. */
export function isAuthentic({ first, redirects }: Visit, { domain }: Subject): boolean {
  const { hostname } = new URL(first.request.url)
  const isOfDomain = hostname === domain || hostname.endsWith(`.${domain}`)
  return isOfDomain && [first, ...redirects].every(({ request }) => request.url.startsWith('https:'))
}
