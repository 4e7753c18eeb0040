/**
 * Mozilla autoconfig, clientConfig 1.1 and 1.2, from Mozilla's database or a server: all servers in order, including
 * alternatives. draft-ietf-mailmaint-autoconfig-06.
 */
import { blankDoctype } from '../../../formats/xml.ts'
import { elements, ownText, readLenientTree, type XmlTree } from '../../../formats/xml-tree.ts'
import { noLoginName } from '../../../settings/names/login-name.ts'
import { isSocket } from '../../../settings/provider.ts'
import { createImportLog, type ImportLog, oneLine } from '../../import-log.ts'
import type { Extra, Imported, ImportedProvider, ImportedServer } from '../../imported.ts'
import { readDocumentation, readOauth, readOutlookWeb, readWebmail } from './pages.ts'
import { readServer, readServers, readService } from './server.ts'

/**
 * @param source name of the document in messages
 * @returns undefined unless it is a clientConfig
 */
export function importAutoconfig(text: string, source: string): Imported | undefined {
  const root = readLenientTree(blankDoctype(text))
  if (root?.name !== 'clientConfig') return undefined
  const log = createImportLog(text.replace(/^\ufeff/, ''), source)
  const shared = readShared(root, log)
  const all = elements(root, 'emailProvider')
  for (const element of all.slice(mostProviders)) {
    log.drop(element, 'emailProvider', `expected at most ${mostProviders} providers in one document`)
  }
  const providers = all.slice(0, mostProviders).map(element => readProvider(element, shared, log))
  return { providers, dropped: log.dropped }
}

/** Why limited: real documents have one provider, and each provider gets all services of the document. */
const mostProviders = 100

/** Elements outside of the providers, which apply to all of them. */
interface Shared extends Pick<ImportedProvider, 'webmail' | 'oauth'> {
  readonly services: readonly ImportedServer[]
}

const services = ['addressBook', 'addressbook', 'calendar', 'fileShare', 'setupServer']

function readShared(root: XmlTree, log: ImportLog): Shared {
  const found = elements(root).filter(({ name }) => name !== 'emailProvider')
  const named = (name: string) => found.find(element => element.name === name)
  const webMail = named('webMail')
  const oAuth2 = named('oAuth2')
  const read = (element: XmlTree) =>
    element.name === 'setupServer' ? readServer(element, '', log) : readService(element, '', log)
  const mapped = new Set(found.filter(({ name }) => services.includes(name)))
  for (const element of found) {
    if (servers.includes(element.name)) log.drop(element, element.name, 'it is not inside an emailProvider')
    else if (element !== webMail && element !== oAuth2 && !mapped.has(element)) dropUnknown(element, '', log)
  }
  return {
    services: [...mapped].map(read).filter(service => service !== undefined),
    webmail: webMail && readWebmail(webMail, log),
    oauth: oAuth2 && readOauth(oAuth2, log)
  }
}

const texts = ['domain', 'displayName', 'displayShortName', 'documentation']
const servers = ['incomingServer', 'outgoingServer']

function readProvider(element: XmlTree, shared: Shared, log: ImportLog): ImportedProvider {
  const { id = '' } = element.attributes
  const children = elements(element)
  const text = (name: string) => {
    const [first, ...others] = elements(element, name)
    for (const other of others) log.drop(other, `emailProvider/${name}`, 'there is one already')
    return first && log.part(oneLine(ownText(first)), first)
  }
  for (const child of children) {
    if (![...texts, ...servers].includes(child.name)) dropUnknown(child, 'emailProvider/', log)
  }
  const ofServers = children.filter(({ name }) => servers.includes(name))
  const named = withoutRepeatedExchange(ofServers.flatMap(child => readServers(child, 'emailProvider/', log)))
  const webmail = readOutlookWeb(ofServers, shared.webmail, log)
  const domains = elements(element, 'domain')
  // Spec: draft-ietf-mailmaint-autoconfig-06: a domain with this purpose is the name of a mail exchanger.
  const isExchanger = ({ attributes }: XmlTree) => attributes.purpose === 'mx'
  const toPart = (domain: XmlTree) => log.part(domainOf(ownText(domain)), domain)
  const documentation = elements(element, 'documentation').map(page => readDocumentation(page, log))
  const all = withMissingNames([...named, ...shared.services])
  return {
    origin: log.originOf(element),
    // Why: an id with a placeholder names no provider.
    id: id.includes('%') ? '' : id,
    name: text('displayName'),
    shortName: text('displayShortName'),
    domains: domains.filter(domain => !isExchanger(domain)).map(toPart),
    mx: domains.filter(isExchanger).map(toPart),
    servers: all,
    documentation,
    webmail,
    oauth: shared.oauth,
    include: extrasOf(all, { documentation, ...shared })
  }
}

/** Observed: a document for all domains of a server repeats the domain that the program knows (mailcow, Modoboa). */
function domainOf(text: string): string {
  return text.trim().toUpperCase() === '%EMAILDOMAIN%' ? '*' : text.trim()
}

/**
 * Why: documents repeat the URLs of ews and activeSync in an exchange element, for older versions of Thunderbird. The
 * words for login methods differ: only the exchange element has NTLM and Kerberos, and only the others have Digest.
 */
function withoutRepeatedExchange(servers: readonly ImportedServer[]): ImportedServer[] {
  const merged = new Map<string, ImportedServer>()
  const methodsOf = (server: ImportedServer | undefined) => server?.value.authentication ?? []
  for (const [index, server] of servers.entries()) {
    const { protocol, url } = server.value
    const key = protocol === 'ews' || protocol === 'activesync' ? `${protocol} ${url}` : String(index)
    const first = merged.get(key)
    const both = [...new Set([...methodsOf(first), ...methodsOf(server)])]
    merged.set(key, first ? { ...first, value: { ...first.value, authentication: both } } : server)
  }
  return [...merged.values()]
}

/** Why `none`: if a document has login names for other servers, then a mail server without one is used without one. */
function withMissingNames(servers: readonly ImportedServer[]): ImportedServer[] {
  if (servers.every(({ username }) => username === undefined)) return [...servers]
  return servers.map(server =>
    server.username === undefined && isSocket(server.value.protocol) ? { ...server, username: noLoginName } : server
  )
}

type Pages = Pick<ImportedProvider, 'documentation' | 'webmail' | 'oauth'>

/** Why: documents that are rendered from the table must have the elements that were imported. */
function extrasOf(all: readonly ImportedServer[], { documentation = [], webmail, oauth }: Pages): Extra[] {
  const found = all.map(({ value }) => value)
  const speaks = (...protocols: string[]) => found.some(({ protocol }) => protocols.includes(protocol))
  const isBesidePassword = found.some(
    ({ authentication = [] }) => authentication.includes('oauth2') && authentication.length > 1
  )
  const extras: [Extra, boolean][] = [
    ['documentation', documentation.length > 0],
    ['webmail', webmail !== undefined],
    ['dav', speaks('caldav', 'carddav', 'webdav')],
    ['jmap', speaks('jmap')],
    ['oauth2', oauth !== undefined || isBesidePassword],
    ['exchange', speaks('ews', 'graph', 'activesync')]
  ]
  return extras.filter(([, isThere]) => isThere).map(([extra]) => extra)
}

function dropUnknown(element: XmlTree, above: string, log: ImportLog): void {
  log.drop(element, `${above}${element.name}`, reasons.get(element.name) ?? 'the table has no such field')
}

const reasons = new Map(
  Object.entries<string>({
    enable: 'instructions for people belong in documentation or password',
    instruction: 'instructions for people belong in documentation or password',
    clientConfigUpdate: 'mail programs update from Signpost itself',
    identity: 'autoconfig has no such element',
    inputField: 'no mail program asks for anything except address and password'
  })
)
