/**
 * Mozilla autoconfig, clientConfig 1.1 and 1.2, as Mozilla's database and servers have it: every server in order, with
 * alternatives. draft-ietf-mailmaint-autoconfig-06.
 */
import { elements, ownText, readXmlTree, type XmlTree } from '../../../formats/xml-tree.ts'
import type { Extra, Imported, ImportedProvider, ImportedServer } from '../../imported.ts'
import { createReading, type Reading } from '../../notes.ts'
import { oneLine } from '../../one-line.ts'
import { readDocumentation, readOauth, readWebmail } from './pages.ts'
import { readServer } from './server.ts'
import { readService } from './service.ts'

/**
 * @param source what findings call the text
 * @returns undefined where it is no clientConfig
 */
export function importAutoconfig(text: string, source: string): Imported | undefined {
  const root = readXmlTree(text)
  if (root?.name !== 'clientConfig') return undefined
  const reading = createReading(text.replace(/^\ufeff/, ''), source)
  const beside = readBeside(root, reading)
  const all = elements(root, 'emailProvider')
  for (const element of all.slice(mostProviders)) {
    reading.drop(element, 'emailProvider', `expected at most ${mostProviders} providers in one document`)
  }
  const providers = all.slice(0, mostProviders).map(element => readProvider(element, beside, reading))
  return { providers, dropped: reading.dropped }
}

/** Why: real documents have one, and each of them gets all services of the document. */
const mostProviders = 100

/** What stands beside the providers, and belongs to each. */
interface Beside extends Pick<ImportedProvider, 'webmail' | 'oauth'> {
  readonly services: readonly ImportedServer[]
}

const services = ['addressBook', 'addressbook', 'calendar', 'fileShare', 'setupServer']

function readBeside(root: XmlTree, reading: Reading): Beside {
  const found = elements(root).filter(({ name }) => name !== 'emailProvider')
  const named = (name: string) => found.find(element => element.name === name)
  const webMail = named('webMail')
  const oAuth2 = named('oAuth2')
  const read = (element: XmlTree) =>
    element.name === 'setupServer' ? readServer(element, '', reading) : readService(element, '', reading)
  const mapped = new Set(found.filter(({ name }) => services.includes(name)))
  for (const element of found) {
    if (element !== webMail && element !== oAuth2 && !mapped.has(element)) dropUnknown(element, '', reading)
  }
  return {
    services: [...mapped].map(read).filter(service => service !== undefined),
    webmail: webMail && readWebmail(webMail, reading),
    oauth: oAuth2 && readOauth(oAuth2, reading)
  }
}

const texts = ['domain', 'displayName', 'displayShortName', 'documentation']
const servers = ['incomingServer', 'outgoingServer']

function readProvider(element: XmlTree, beside: Beside, reading: Reading): ImportedProvider {
  const { id = '' } = element.attributes
  const children = elements(element)
  const text = (name: string) => {
    const [first, ...others] = elements(element, name)
    for (const other of others) reading.drop(other, `emailProvider/${name}`, 'there is one already')
    return first && reading.part(oneLine(ownText(first)), first)
  }
  for (const child of children) {
    if (![...texts, ...servers].includes(child.name)) dropUnknown(child, 'emailProvider/', reading)
  }
  const named = children
    .filter(({ name }) => servers.includes(name))
    .map(child => readServer(child, 'emailProvider/', reading))
    .filter(server => server !== undefined)
  const domains = elements(element, 'domain')
  // Spec: draft-ietf-mailmaint-autoconfig-06: with this purpose it is the name of a mail exchanger.
  const isExchanger = ({ attributes }: XmlTree) => attributes.purpose === 'mx'
  const toPart = (domain: XmlTree) => reading.part(ownText(domain).trim(), domain)
  const documentation = elements(element, 'documentation').map(page => readDocumentation(page, reading))
  const all = [...named, ...beside.services]
  return {
    origin: reading.originOf(element),
    id,
    name: text('displayName'),
    shortName: text('displayShortName'),
    domains: domains.filter(domain => !isExchanger(domain)).map(toPart),
    mx: domains.filter(isExchanger).map(toPart),
    servers: all,
    documentation,
    webmail: beside.webmail,
    oauth: beside.oauth,
    include: extrasOf(all, { documentation, ...beside })
  }
}

type Pages = Pick<ImportedProvider, 'documentation' | 'webmail' | 'oauth'>

/** Why: so that what is rendered from the table has the elements that were imported. */
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
    ['oauth2', oauth !== undefined || isBesidePassword]
  ]
  return extras.filter(([, isThere]) => isThere).map(([extra]) => extra)
}

function dropUnknown(element: XmlTree, above: string, reading: Reading): void {
  reading.drop(element, `${above}${element.name}`, reasons.get(element.name) ?? 'the table has no such field')
}

const reasons = new Map(
  Object.entries<string>({
    enable: 'what a person must do first stands in documentation or password',
    instruction: 'what a person must know stands in documentation or password',
    clientConfigUpdate: 'Signpost itself is asked again',
    identity: 'it is no element of autoconfig',
    inputField: 'no mail program asks for more than address and password'
  })
)
