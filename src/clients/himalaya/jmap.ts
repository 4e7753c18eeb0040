/**
 * How Himalaya looks for JMAP: RFC 8620 2.2.
 * Observed: pimalaya/io-pim-discovery 95c37e3 (2026-09-28), src/rfc8620/resolve.rs, src/rfc8620/well_known.rs.
 */
import { srvHost } from '../dns/srv.ts'
import type { Tracer } from '../model/tracer.ts'
import type { HttpResponse, SrvRecord } from '../model/world.ts'

/** @param record the best at `_jmap._tcp`. @returns the URL of the session */
export async function findJmap(
  domain: string,
  record: SrvRecord | undefined,
  tracer: Tracer
): Promise<string | undefined> {
  const origin = record === undefined ? `${domain}:443` : `${srvHost(record)}:${record.port}`
  const asked = `https://${origin}/.well-known/jmap`
  if (!URL.canParse(asked)) return undefined
  const request = { method: 'GET', url: new URL(asked).href, headers: { accept: 'application/json' } } as const
  const { response, url } = await tracer.follow(request, { most: 5 })
  if (response === undefined || !(isChallenge(response) || isSession(response))) return undefined
  tracer.note('used')
  return url
}

function isChallenge({ status, headers }: HttpResponse): boolean {
  return status === 401 && (headers['www-authenticate'] !== undefined || !mediaTypeOf(headers).startsWith('text/html'))
}

function isSession({ status, headers, body }: HttpResponse): boolean {
  if (status < 200 || status > 299 || !mediaTypeOf(headers).startsWith('application/json')) return false
  try {
    const { capabilities, apiUrl } = Object(JSON.parse(body))
    return Object.hasOwn(Object(capabilities), 'urn:ietf:params:jmap:core') && apiUrl !== undefined
  } catch {
    return false
  }
}

function mediaTypeOf(headers: HttpResponse['headers']): string {
  return headers['content-type']?.toLowerCase() ?? ''
}
