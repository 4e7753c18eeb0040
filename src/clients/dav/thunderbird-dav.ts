/**
 * Thunderbird's calendars and address books. The model omits its rules for Google.
 */
import { bySrvOrder, srvHost } from '../dns/srv.ts'
import type { Mailbox } from '../model/client.ts'
import type { Tracer } from '../model/tracer.ts'
import { createDavDiscover, type DavClient, type DavService, principalOf, propfind } from './dav-client.ts'

export const thunderbirdDav: DavClient = {
  name: 'thunderbird-dav',
  title: 'Thunderbird, calendars and address books',
  release: '140 to 153',
  source: 'mozilla/releases-comm-central 0300453, CalDavProvider.sys.mjs and CardDAVUtils.sys.mjs',
  takes: 'SRV records with the path of a TXT record, then the well-known URL, if it does not lead to another origin',
  discover: createDavDiscover(async (mailbox, tracer) => ({
    caldav: await findCalendars(mailbox, tracer),
    carddav: await findAddressBooks(mailbox, tracer)
  }))
}

/**
 * Observed: mozilla/releases-comm-central 0300453, calendar/providers/caldav/CalDavProvider.sys.mjs: detectCalendars
 * tries dnsSRV, wellKnown and attemptRoot. After a failed request, the next method follows. A 401 or 403 ends the
 * search.
 */
async function findCalendars({ domain }: Mailbox, tracer: Tracer): Promise<string | undefined> {
  const named = await lookUp('caldav', domain, tracer)
  const path = named === undefined || named.path === '' ? [] : [`${named.origin}${named.path}`]
  const methods = [
    named === undefined ? [] : [...path, `${named.origin}/.well-known/caldav`],
    [`https://${domain}/.well-known/caldav`],
    [`https://${domain}/`]
  ]
  for (const urls of methods) {
    for (const url of urls) {
      const { found, status } = await ask(url, tracer)
      if (found !== undefined) return found
      if (status === 401 || status === 403) return undefined
      if (status === undefined) break
    }
  }
  return undefined
}

/**
 * Observed: mozilla/releases-comm-central 0300453, mailnews/addrbook/modules/CardDAVUtils.sys.mjs:
 * detectAddressBooks: with an SRV record, it contacts only the host of that record, and treats a path of `/` like no
 * path. A failed request and 401 end the search.
 */
async function findAddressBooks({ domain }: Mailbox, tracer: Tracer): Promise<string | undefined> {
  const { origin, path } = (await lookUp('carddav', domain, tracer)) ?? { origin: `https://${domain}`, path: '' }
  const paths = [...(path === '' || path === '/' ? [] : [path]), '/.well-known/carddav', '/']
  for (const each of paths) {
    const { found, status } = await ask(`${origin}${each}`, tracer)
    if (found !== undefined) return found
    if (status === undefined || status === 401) return undefined
  }
  return undefined
}

/**
 * @returns the settings in SRV and TXT records; undefined without an SRV record. Observed: a target of `.` results in
 * an invalid URL.
 */
async function lookUp(service: DavService, domain: string, { dns }: Tracer) {
  const name = `_${service}s._tcp.${domain}`
  const [best] = (await dns.srv(name)).toSorted(bySrvOrder)
  if (best === undefined) return undefined
  const text = (await dns.txt(name)).find(each => each.startsWith('path='))
  return { origin: `https://${srvHost(best)}:${best.port}`, path: text?.slice('path='.length) ?? '' }
}

interface Answer {
  /** URL of the server that answered; undefined if it is not a DAV server. */
  readonly found?: string
  /** Undefined if the request failed. */
  readonly status?: number
}

async function ask(asked: string, tracer: Tracer): Promise<Answer> {
  if (!URL.canParse(asked)) return {}
  const { response, url } = await propfind(asked, tracer, { most: 20 })
  if (response === undefined) return {}
  // Observed: Thunderbird 153: after a redirect to another origin it logs in, gets 207, and discards the response (opaque response
  // blocking), as if the request had failed.
  if (new URL(url).origin !== new URL(asked).origin) {
    tracer.note('refused: a redirect to another origin')
    return {}
  }
  if (principalOf(response) === undefined) return { status: response.status }
  tracer.note('used')
  return { found: url }
}
