/**
 * Follows a discovery URL through its redirects.
 */
import type { Exchange } from '../network/exchange.ts'
import type { NetworkWorld } from '../network/network-world.ts'
import type { DiscoveryRequest } from './discovery-requests.ts'
import type { Visit } from './examination.ts'

/** Why: the least patient programs follow five. */
const mostRedirects = 5

export async function visit(asked: DiscoveryRequest, { observe }: NetworkWorld): Promise<Visit> {
  const first = await observe(asked.request)
  const exchanges: [Exchange, ...Exchange[]] = [first]
  const seen = new Set([asked.request.url])
  // Why: calendars, contacts and JMAP are looked at where they are, once it is known where.
  let next = isPointer(asked) ? undefined : redirectOf(first)
  while (next !== undefined) {
    if (seen.has(next) || exchanges.length > mostRedirects) return { asked, exchanges, isLoop: true }
    seen.add(next)
    const exchange = await observe({ ...asked.request, url: next })
    exchanges.push(exchange)
    next = redirectOf(exchange)
  }
  return { asked, exchanges, isLoop: false }
}

function isPointer({ family }: DiscoveryRequest): boolean {
  return ['caldav', 'carddav', 'jmap'].includes(family)
}

/** @returns the absolute URL that an answer leads to; undefined where it leads nowhere */
export function redirectOf({ request, response }: Exchange): string | undefined {
  const location = response?.headers.location
  if (location === undefined || ![301, 302, 303, 307, 308].includes(response?.status ?? 0)) return undefined
  return URL.canParse(location, request.url) ? new URL(location, request.url).href : undefined
}
