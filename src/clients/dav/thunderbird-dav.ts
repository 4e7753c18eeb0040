/**
 * Thunderbird's calendars and address books. Its rules for Google are left out.
 */
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Tracer } from '../model/tracer.ts'
import { createDavDiscover, type DavClient, type DavService, principalOf, propfind } from './dav-client.ts'

export const thunderbirdDav: DavClient = {
  name: 'thunderbird-dav',
  title: 'Thunderbird, calendars and address books',
  release: '140 to 153',
  source: 'mozilla/releases-comm-central 0300453, CalDavProvider.sys.mjs and CardDAVUtils; Thunderbird 153 as it runs',
  takes: 'SRV records with the path of a TXT record, then the well-known URL, if it does not lead to another origin',
  discover: createDavDiscover(async ({ domain }, tracer) => ({
    caldav: await search('caldav', domain, tracer),
    carddav: await search('carddav', domain, tracer)
  }))
}

async function search(service: DavService, domain: string, tracer: Tracer): Promise<string | undefined> {
  for (const asked of await urlsOf(service, domain, tracer)) {
    if (!URL.canParse(asked)) continue
    const { response, url } = await propfind(asked, tracer, { most: 20 })
    if (principalOf(response) === undefined) continue
    // Observed: Thunderbird 153: it logs in after a redirect to another origin, gets 207, and discards the response (opaque
    // response blocking).
    if (new URL(url).origin === new URL(asked).origin) {
      tracer.note('used')
      return url
    }
    tracer.note('refused: a redirect to another origin')
  }
  return undefined
}

async function urlsOf(service: DavService, domain: string, { dns }: Tracer): Promise<string[]> {
  const name = `_${service}s._tcp.${domain}`
  const [best] = inSrvOrder(await dns.srv(name))
  const wellKnown = `/.well-known/${service}`
  if (best === undefined) return [`https://${domain}${wellKnown}`, `https://${domain}/`]
  const path = (await dns.txt(name)).find(text => text.startsWith('path='))?.slice('path='.length)
  const origin = `https://${srvHost(best)}:${best.port}`
  const named = [...(path ? [`${origin}${path}`] : []), `${origin}${wellKnown}`]
  // Observed: mozilla/releases-comm-central 0300453, calendar/providers/caldav/CalDavProvider.sys.mjs: detectCalendars: dnsSRV,
  // wellKnown, attemptRoot. CardDAVUtils, detectAddressBooks: with an SRV record, only its host is asked.
  return service === 'caldav'
    ? [...named, `https://${domain}${wellKnown}`, `https://${domain}/`]
    : [...named, `${origin}/`]
}
