/**
 * Evolution's assistant for accounts with calendars and address books, and libedataserver, which also GNOME Calendar and GNOME
 * Contacts use. The model omits the requests for notes.
 */
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import { isAscii, type Mailbox } from '../model/client.ts'
import type { Tracer } from '../model/tracer.ts'
import { createDavDiscover, type DavClient, type DavService, principalOf, propfind } from './dav-client.ts'

export const evolutionDav: DavClient = {
  name: 'evolution-dav',
  title: 'Evolution, calendars and address books',
  release: '3.46',
  source: 'GNOME/evolution 0d5a7a9, e-srv-config-lookup.c and e-webdav-config-lookup.c',
  takes:
    'SRV records with the path of a TXT record, otherwise the domain: its root, then the well-known URL; redirects to other hosts too',
  discover: createDavDiscover(async (mailbox, tracer) => ({
    caldav: await search('caldav', mailbox, tracer),
    carddav: await search('carddav', mailbox, tracer)
  }))
}

async function search(service: DavService, mailbox: Mailbox, tracer: Tracer): Promise<string | undefined> {
  // Observed: GNOME/evolution, src/e-util/e-collection-account-wizard.c: the result for an SRV record replaces that for the domain,
  // even if its host does not answer.
  const start = (await lookUp(service, mailbox, tracer)) ?? `https://${mailbox.domain}/`
  if (!URL.canParse(start)) return undefined
  const wellKnown = `/.well-known/${service}`
  // Observed: GNOME/evolution-data-server, src/libedataserver/e-webdav-discover.c: e_webdav_discover_sources_full_sync: the
  // well-known URL of the same host, unless the path already is one.
  for (const path of start.includes('/.well-known/') ? [''] : ['', wellKnown]) {
    const { response, url } = await propfind(new URL(path, start).href, tracer, { most: 20 })
    if (principalOf(response) === undefined) continue
    tracer.note('used')
    return url
  }
  return undefined
}

/**
 * Observed: GNOME/evolution 0d5a7a9, src/modules/config-lookup/e-srv-config-lookup.c: known_services,
 * srv_config_lookup_domain_sync.
 */
async function lookUp(service: DavService, mailbox: Mailbox, tracer: Tracer): Promise<string | undefined> {
  for (const [scheme, name] of [
    ['https', `_${service}s._tcp.`],
    ['http', `_${service}._tcp.`]
  ]) {
    const [best] = inSrvOrder(await tracer.dns.srv(`${name}${mailbox.domain}`))
    if (best === undefined) continue
    const path = await pathOf(`${name}${mailbox.typedDomain}`, tracer)
    return `${scheme}://${srvHost(best)}:${best.port}${path ?? `/.well-known/${service}`}`
  }
  return undefined
}

/** Observed: Evolution 3.46.4 as it runs: it looks up TXT records of a domain with U-labels as typed, and finds none. */
async function pathOf(name: string, { dns }: Tracer): Promise<string | undefined> {
  const texts = isAscii(name) ? await dns.txt(name) : []
  return texts.find(text => /^path=\//i.test(text))?.slice('path='.length)
}
