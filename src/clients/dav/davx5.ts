/**
 * DAVx5 for Android, when a person logs in with a mail address.
 */
import { inSrvOrder, srvHost } from '../dns/srv.ts'
import type { Tracer } from '../model/tracer.ts'
import { createDavDiscover, type DavClient, type DavService, offers, principalOf, propfind } from './dav-client.ts'

export const davx5: DavClient = {
  name: 'davx5',
  title: 'DAVx5',
  release: '4.3.15',
  source: 'bitfireAT/davx5-ose 079c3ef (4.3.15 in its build.gradle.kts), DavResourceFinder.kt',
  takes:
    'SRV records with the path of a TXT record, then the well-known URL, then the root; redirects to other hosts too',
  discover: createDavDiscover(async ({ domain }, tracer) => {
    const carddav = await search('carddav', domain, tracer)
    return { caldav: await search('caldav', domain, tracer), carddav }
  })
}

// Observed: bitfireAT/davx5-ose 079c3ef,
// app/src/main/kotlin/at/bitfire/davdroid/servicedetection/DavResourceFinder.kt: discoverPrincipalUrl uses paths from
// TXT records even without an SRV record.
async function search(service: DavService, domain: string, tracer: Tracer): Promise<string | undefined> {
  const name = `_${service}s._tcp.${domain}`
  const [best] = inSrvOrder(await tracer.dns.srv(name))
  const paths = (await tracer.dns.txt(name))
    .filter(text => text.startsWith('path=/'))
    .map(text => text.slice('path='.length))
  const origin = best === undefined ? `https://${domain}` : `https://${srvHost(best)}:${best.port}`
  for (const path of [...paths, `/.well-known/${service}`, '/']) {
    const asked = `${origin}${path}`
    const found = URL.canParse(asked) ? await findPrincipal(asked, service, tracer) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * Observed: …/DavResourceFinder.kt: getCurrentUserPrincipal, providesService: the response to OPTIONS at the
 * principal must name the service.
 */
async function findPrincipal(asked: string, service: DavService, tracer: Tracer): Promise<string | undefined> {
  // Observed: bitfireAT/dav4jvm, DavResource.kt: followRedirects follows five redirects, but none from https to http.
  const rules = { most: 5, mayFollow: ({ to }: { readonly to: URL }) => to.protocol === 'https:' }
  const { response, url } = await propfind(asked, tracer, rules)
  const href = principalOf(response)
  if (href === undefined || !URL.canParse(href, url)) return undefined
  const principal = new URL(href, url).href
  const options = await tracer.follow({ method: 'OPTIONS', url: principal, headers: {} }, rules)
  if (options.response === undefined || !offers(options.response, service)) {
    tracer.note(`refused: no ${service} in its DAV header`)
    return undefined
  }
  tracer.note('used')
  return url
}
