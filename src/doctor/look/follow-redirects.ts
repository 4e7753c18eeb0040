/**
 * Follows a discovery URL through its redirects.
 */
import type { Exchange } from '../../network/http-exchange.ts'
import type { NetworkWorld } from '../../network/network-world.ts'
import type { DiscoveryRequest } from './discovery-requests.ts'
import type { Visit } from './examination.ts'

/** Why: the least patient programs follow five. */
const mostRedirects = 5

export async function visit(asked: DiscoveryRequest, { observe }: NetworkWorld): Promise<Visit> {
  const first = await observe(asked.request)
  const redirects: Exchange[] = []
  const seen = new Set([asked.request.url])
  // Why: calendars, contacts and JMAP are looked at where they are, once it is known where.
  let next = isPointer(asked) ? undefined : redirectOf(first)
  while (next !== undefined) {
    if (seen.has(next) || redirects.length === mostRedirects) return { asked, first, redirects, isLoop: true }
    seen.add(next)
    const exchange = await observe({ ...asked.request, url: next })
    redirects.push(exchange)
    next = redirectOf(exchange)
  }
  return { asked, first, redirects, isLoop: false }
}

function isPointer({ family }: DiscoveryRequest): boolean {
  return ['caldav', 'carddav', 'jmap'].includes(family)
}

/** @returns the absolute URL that an answer leads to; undefined where it leads nowhere */
export function redirectOf({ request, response }: Exchange): string | undefined {
  if (response === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return undefined
  const { location = '' } = response.headers
  return location !== '' && URL.canParse(location, request.url) ? new URL(location, request.url).href : undefined
}
