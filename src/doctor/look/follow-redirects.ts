/**
 * Follows a discovery URL through its redirects.
 */
import type { Exchange } from '../../network/http-exchange.ts'
import type { NetworkWorld } from '../../network/network-world.ts'
import type { DiscoveryRequest } from './discovery-requests.ts'
import type { Visit } from './examination.ts'

/** Why: the least patient programs follow five redirects. */
const mostRedirects = 5

export async function visit(asked: DiscoveryRequest, { observe }: NetworkWorld): Promise<Visit> {
  const first = await observe(asked.request)
  const redirects: Exchange[] = []
  const seen = new Set([asked.request.url])
  // Why: calendars, contacts and JMAP are probed later, at the URL that the redirect names.
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

/** @returns the absolute target of a redirect; undefined if the response is no valid redirect */
export function redirectOf({ request, response }: Exchange): string | undefined {
  if (response === undefined || ![301, 302, 303, 307, 308].includes(response.status)) return undefined
  const { location = '' } = response.headers
  return location !== '' && URL.canParse(location, request.url) ? new URL(location, request.url).href : undefined
}
