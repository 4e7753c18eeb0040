/**
 * Calendars and contacts of GNOME Online Accounts. It sends only OPTIONS requests. The model omits its built-in
 * addresses for Fastmail and mailbox.org, and what it guesses from the paths of Nextcloud.
 */
import { exchangerDomains } from '../dns/exchanger-domains.ts'
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Tracer } from '../model/tracer.ts'
import { createDavDiscover, type DavClient, type DavServers, type DavService, offers } from './dav-client.ts'

export const gnomeOnlineAccountsDav: DavClient = {
  name: 'gnome-online-accounts-dav',
  title: 'GNOME Online Accounts, calendars and contacts',
  release: 'source of 2026',
  source: 'GNOME/gnome-online-accounts 005e4bb and 0a85e7c, goadavclient.c',
  takes:
    'the well-known URL at the host of an SRV record or of the domain, if OPTIONS leads to a response with a DAV header; OPTIONS at the root of the domain must not be answered with 200 or 204',
  discover: createDavDiscover(async ({ domain }, tracer) => {
    const named: DavServers = {
      caldav: await searchDns('caldav', domain, tracer),
      carddav: await searchDns('carddav', domain, tracer)
    }
    // Observed: GNOME/gnome-online-accounts 005e4bb, src/goabackend/goadavclient.c: dav_client_discover_iterate uses
    // the domain itself only if no SRV record led to a server.
    if (named.caldav !== undefined || named.carddav !== undefined) return named
    return {
      caldav: await searchDomain('caldav', domain, tracer),
      carddav: await searchDomain('carddav', domain, tracer)
    }
  })
}

async function searchDns(service: DavService, domain: string, tracer: Tracer): Promise<string | undefined> {
  for (const [scheme, name] of [
    ['https', `${service}s`],
    ['http', service]
  ]) {
    const [best] = inSrvOrder(await lookUp(`_${name}._tcp.`, domain, tracer))
    // Observed: …/goadavclient.c: g_resolver_lookup_records_cb never uses the path of a TXT record, because it looks
    // for an empty key.
    const asked = best && `${scheme}://${srvHost(best)}:${best.port}/.well-known/${service}`
    const found = asked !== undefined && URL.canParse(asked) ? await sendOptions(asked, service, tracer) : undefined
    if (found !== undefined && found !== 'next') return found
  }
  return undefined
}

/**
 * Observed: …/goadavclient.c: g_resolver_lookup_service_cb falls back to the base domain if the domain has no record.
 */
async function lookUp(prefix: string, domain: string, { dns }: Tracer) {
  const records = await dns.srv(`${prefix}${domain}`)
  const [base] = exchangerDomains([{ priority: 0, exchange: domain }], '').slice(-1)
  return records.length > 0 || base === undefined || base === domain ? records : await dns.srv(`${prefix}${base}`)
}

async function searchDomain(service: DavService, domain: string, tracer: Tracer): Promise<string | undefined> {
  const first = await sendOptions(`https://${domain}/`, service, tracer)
  const last = first === 'next' ? await sendOptions(`https://${domain}/.well-known/${service}`, service, tracer) : first
  return last === 'next' ? undefined : last
}

/**
 * Observed: …/goadavclient.c: dav_client_discover_options_cb: `next` is the well-known URL, which is requested after some errors
 * and after a DAV server without the service. A success without a DAV header, such as that of a website, ends the search.
 * @returns the URL of a server that offers the service, or `next`; undefined if the search ends here
 */
async function sendOptions(asked: string, service: DavService, tracer: Tracer): Promise<string | undefined> {
  const { response, url } = await tracer.follow(
    { method: 'OPTIONS', url: asked, headers: { 'user-agent': 'gnome-online-accounts' } },
    { most: 20 }
  )
  if (response === undefined) return undefined
  if ([404, 405, 500, 501].includes(response.status)) return 'next'
  if (![200, 203, 204, 207].includes(response.status)) return undefined
  if (offers(response, service)) {
    tracer.note('used')
    return url
  }
  tracer.note(`refused: no ${service} in its DAV header`)
  return response.headers.dav === undefined ? undefined : 'next'
}
