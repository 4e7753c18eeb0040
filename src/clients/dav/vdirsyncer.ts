/**
 * vdirsyncer, which synchronises calendars and address books with local files. A person enters a URL: here, the
 * domain of the address. The model omits servers that list collections at the root of the domain.
 */
import { readXmlTree } from '../../formats/xml-tree.ts'
import type { Mailbox } from '../model/client.ts'
import type { Tracer } from '../model/tracer.ts'
import { createDavDiscover, type DavClient, type DavService, principalOf, propfind } from './dav-client.ts'

export const vdirsyncer: DavClient = {
  name: 'vdirsyncer',
  title: 'vdirsyncer',
  release: '0.19.0',
  source: 'pimutils/vdirsyncer 0.19.0 (Debian 12), storage/dav.py, and aiohttp 3.8.4, client.py',
  takes:
    'the root of the domain, then the well-known URL, if no redirect leads to another origin, because it does not log in there',
  discover: createDavDiscover(async (mailbox, tracer) => ({
    caldav: await searchVdirsyncer('caldav', mailbox, tracer),
    carddav: await searchVdirsyncer('carddav', mailbox, tracer)
  }))
}

/**
 * Observed: vdirsyncer 0.19.0, storage/dav.py: find_collections first lists the URL, and find_principal then tries the URL and
 * the well-known URL. A failed connection ends the search at once.
 * @returns the URL of the server that answered
 */
export async function searchVdirsyncer(
  service: DavService,
  { domain }: Mailbox,
  tracer: Tracer
): Promise<string | undefined> {
  const root = `https://${domain}/`
  const listing = await ask(root, tracer)
  if (listing === undefined) return undefined
  for (const asked of [root, `${root}.well-known/${service}`]) {
    const answer = await ask(asked, tracer)
    if (answer === undefined) return undefined
    if (answer.isRefused) continue
    // Observed: …/storage/dav.py: _find_principal_impl takes the URL itself for the principal if an XML document names none, and
    // find_home then fails.
    if (answer.principal === undefined) return undefined
    tracer.note('used')
    return answer.url
  }
  return undefined
}

interface Answer {
  readonly url: string
  /** Whether the status is an error, or the body is not XML. */
  readonly isRefused: boolean
  readonly principal: string | undefined
}

/** @returns undefined if there was no response */
async function ask(asked: string, tracer: Tracer): Promise<Answer | undefined> {
  let isLoggedIn = true
  const { response, url } = await propfind(asked, tracer, {
    // Observed: aiohttp 3.8.4, client.py: _request follows nine redirects, and drops the login at the first that leads to another
    // origin.
    most: 9,
    mayFollow({ from, to }) {
      if (from.origin !== to.origin) isLoggedIn = false
      return true
    }
  })
  if (response === undefined) return undefined
  if (!isLoggedIn) tracer.note('refused: it does not log in after a redirect to another origin')
  const isRefused = !isLoggedIn || response.status >= 400 || readXmlTree(response.body) === undefined
  return { url, isRefused, principal: principalOf(response) }
}
