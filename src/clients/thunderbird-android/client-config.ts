/**
 * The clientConfig document as Thunderbird for Android reads it: thunderbird-android a59bd67, RealAutoconfigParser.kt. It
 * knows imap and smtp; one defect in one of them, and the whole document is refused.
 */
import { withoutDoctype } from '../../formats/xml.ts'
import { elements, ownText, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'
import type { FoundServer } from '../model/client.ts'
import type { Mailbox } from '../model/mailbox.ts'
import type { Servers } from '../model/parallel-search.ts'
import { Refusal } from '../model/refusal.ts'
import { isHostName } from '../thunderbird/host-name.ts'

export interface AndroidConfig extends Servers {
  /** False where one of the two offers nothing but OAuth2. */
  readonly logsIn: boolean
}

/** @throws `Refusal` */
export function readClientConfig(body: string, mailbox: Mailbox): AndroidConfig {
  const root = readXmlTree(withoutDoctype(body))
  if (root?.name !== 'clientConfig') throw new Refusal('no clientConfig')
  // Observed: every one is read, and the last counts.
  const config = elements(root, 'emailProvider')
    .map(provider => readProvider(provider, mailbox))
    .at(-1)
  if (config === undefined) throw new Refusal('no emailProvider')
  return config
}

function readProvider(provider: XmlTree, mailbox: Mailbox): AndroidConfig {
  const { id = '' } = provider.attributes
  if (!isHostName(id.trim())) throw new Refusal(`an id that is no host name: ${id}`)
  const domains = elements(provider, 'domain').map(element => replace(readText(element), mailbox).trim())
  const read = (name: string, protocol: 'imap' | 'smtp') =>
    elements(provider, name)
      .filter(({ attributes }) => attributes.type === protocol)
      .map(element => readServer(element, protocol, mailbox))
  const [incoming] = read('incomingServer', 'imap')
  const [outgoing] = read('outgoingServer', 'smtp')
  if (!domains.some(isHostName)) throw new Refusal('no domain')
  if (incoming === undefined) throw new Refusal('no imap server')
  if (outgoing === undefined) throw new Refusal('no smtp server')
  return { incoming: incoming.server, outgoing: outgoing.server, logsIn: incoming.logsIn && outgoing.logsIn }
}

function readServer(element: XmlTree, protocol: 'imap' | 'smtp', mailbox: Mailbox) {
  const values = new Map<string, string>()
  const methods: string[] = []
  for (const value of valuesOf(element)) {
    const text = readText(value)
    if (value.name === 'authentication') methods.push(text)
    else values.set(value.name, checked(value.name, text, mailbox))
  }
  const required = (name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new Refusal(`${protocol} without ${name}`)
    return value
  }
  const usable = methods.filter(method => knownMethods.has(method))
  if (usable.length === 0) throw new Refusal(`${protocol} without a usable authentication`)
  const server: FoundServer = {
    protocol,
    host: required('hostname'),
    port: Number(required('port')),
    security: required('socketType') === 'SSL' ? 'tls' : 'starttls',
    username: required('username')
  }
  // Observed: GetAutoDiscovery.kt: OAuth2 is struck out for a host that it does not know.
  return { server, logsIn: usable.some(method => method !== 'OAuth2') }
}

const valueNames = new Set(['hostname', 'port', 'socketType', 'username', 'authentication'])
const knownMethods = new Set(['OAuth2', 'password-cleartext', 'password-encrypted'])

/** Observed: readElement: it goes into an element that it does not know, and reads what it knows in there. */
function valuesOf(element: XmlTree): XmlTree[] {
  return elements(element).flatMap(inner => (valueNames.has(inner.name) ? [inner] : valuesOf(inner)))
}

/** Observed: nothing is trimmed; Hostname.kt takes no spaces either. @throws `Refusal` */
function checked(name: string, text: string, mailbox: Mailbox): string {
  if (name === 'username') return replace(text, mailbox)
  if (name === 'hostname' && isHostName(replace(text, mailbox))) return replace(text, mailbox)
  if (name === 'port' && /^[+-]?\d+$/.test(text) && Number(text) > 0 && Number(text) <= 65535) return text
  if (name === 'socketType' && (text === 'SSL' || text === 'STARTTLS')) return text
  throw new Refusal(`${name} ${text}`)
}

function readText(element: XmlTree): string {
  if (elements(element).length > 0) throw new Refusal(`an element in ${element.name}`)
  return ownText(element)
}

/** Observed: replaceVariables, in this order. */
function replace(text: string, { address, localPart, domain }: Mailbox): string {
  return text
    .replaceAll('%EMAILDOMAIN%', () => domain)
    .replaceAll('%EMAILLOCALPART%', () => localPart)
    .replaceAll('%EMAILADDRESS%', () => address)
}
