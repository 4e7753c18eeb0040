/**
 * The model of a program for calendars and address books: how it finds their servers from a mail address (RFC 6764).
 * The model ends at the first response of a DAV server. Listing a person's collections comes later and does not
 * depend on discovery.
 */
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'
import { type Client, type Mailbox, type Step, toMailbox } from '../model/client.ts'
import { createTracer, type Followed, type RedirectRules, type Tracer } from '../model/tracer.ts'
import type { HttpResponse, World } from '../model/world.ts'

export type DavService = 'caldav' | 'carddav'

export interface DavClient extends Omit<Client, 'discover'> {
  readonly discover: (address: string, world: World) => Promise<DavDiscovery>
}

/** The URLs at which DAV servers answered; undefined if the program finds none. */
export type DavServers = Readonly<Record<DavService, string | undefined>>

export interface DavDiscovery extends DavServers {
  /** All requests and lookups, in order. */
  readonly trace: readonly Step[]
}

/** @returns the `discover` of a client. It finds nothing for an invalid address. */
export function createDavDiscover(
  search: (mailbox: Mailbox, tracer: Tracer) => Promise<DavServers>
): DavClient['discover'] {
  return async (address, world) => {
    const mailbox = toMailbox(address)
    const tracer = createTracer(world)
    const found = mailbox === undefined ? { caldav: undefined, carddav: undefined } : await search(mailbox, tracer)
    return { ...found, trace: tracer.trace }
  }
}

/** Sends PROPFIND to ask for the principal of the person. */
export async function propfind(url: string, tracer: Tracer, rules: RedirectRules): Promise<Followed> {
  const body = '<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
  const headers = { depth: '0', 'content-type': 'application/xml; charset=utf-8' }
  return await tracer.follow({ method: 'PROPFIND', url, headers, body }, rules)
}

/**
 * @returns the href of the principal; undefined if the response is not a multistatus (RFC 4918 13) or has no
 * principal
 */
export function principalOf(response: HttpResponse | undefined): string | undefined {
  if (response?.status !== 207) return undefined
  const root = readXmlTree(response.body)
  const principal = root && below(root).find(tree => localName(tree) === 'current-user-principal')
  const href = principal && elements(principal).find(tree => localName(tree) === 'href')
  return href && ownText(href).trim()
}

/** @returns whether the DAV header lists the class of the service: RFC 4791 5.1, RFC 6352 6.1 */
export function offers({ headers }: HttpResponse, service: DavService): boolean {
  const classes = (headers.dav ?? '').split(',').map(each => each.trim())
  return classes.includes(service === 'caldav' ? 'calendar-access' : 'addressbook')
}

function below(tree: XmlTree): XmlTree[] {
  return [tree, ...elements(tree).flatMap(below)]
}

function localName({ name }: XmlTree): string {
  return name.slice(name.indexOf(':') + 1)
}
