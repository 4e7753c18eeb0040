/**
 * clientConfig as Himalaya's serde structures read it: one unknown value makes the whole document invalid. The model
 * omits the contents of <pop3>.
 * Observed: pimalaya/io-pim-discovery 5036dfa (2026-08-15), src/autoconfig/config.rs. It is read by serde-xml-rs 0.8,
 * which trims.
 */
import { elements, ownText, type XmlTree } from '../../formats/xml-tree.ts'
import { Refusal } from '../model/client.ts'

export interface Server {
  readonly type: 'imap' | 'pop3' | 'smtp'
  readonly hostname: string | undefined
  readonly port: number | undefined
  readonly security: 'tls' | 'starttls' | 'none'
  readonly username: string | undefined
}

// Observed: enum DiscoveryServerType has no jmap, ews, exchange or graph.
const types = ['imap', 'pop3', 'smtp'] as const

// Observed: enum DiscoverySecurityType has variants in camelCase and their aliases.
const securities: Readonly<Record<string, Server['security']>> = {
  SSL: 'tls',
  tls: 'tls',
  STARTTLS: 'starttls',
  starttls: 'starttls',
  plain: 'none'
}

// Observed: enum DiscoveryAuthenticationType, which spells GSSAPI "GSAPI".
const authentications = [
  ...[
    'password-cleartext',
    'passwordCleartext',
    'password-encrypted',
    'passwordEncrypted',
    'NTLM',
    'ntlm',
    'GSAPI',
    'gsApi'
  ],
  ...['client-IP-address', 'clientIPAddress', 'TLS-client-cert', 'tlsClientCert', 'OAuth2', 'oAuth2', 'none']
]

/** @returns the incoming servers and then the outgoing ones. @throws Refusal */
export function readClientConfig(root: XmlTree | undefined): Server[] {
  if (root === undefined) throw new Refusal('not XML')
  attribute(root, 'version')
  const provider = atMostOne(root, 'emailProvider')
  if (provider === undefined) throw new Refusal('no <emailProvider>')
  const oAuth2 = atMostOne(root, 'oAuth2')
  if (oAuth2 !== undefined) for (const name of ['issuer', 'scope', 'authURL', 'tokenURL']) mandatory(oAuth2, name)
  attribute(provider, 'id')
  list(provider, 'domain')
  atMostOne(provider, 'displayName')
  atMostOne(provider, 'displayShortName')
  for (const page of list(provider, 'documentation')) readDocumentation(page)
  return [...list(provider, 'incomingServer'), ...list(provider, 'outgoingServer')].map(readServer)
}

function readServer(element: XmlTree): Server {
  const type = types.find(each => each === attribute(element, 'type'))
  if (type === undefined) throw new Refusal(`type "${element.attributes.type}"`)
  for (const authentication of list(element, 'authentication').map(textOf)) {
    if (!authentications.includes(authentication)) throw new Refusal(`authentication "${authentication}"`)
  }
  atMostOne(element, 'pop3')
  return {
    type,
    hostname: optional(element, 'hostname'),
    port: toPort(optional(element, 'port')),
    // Observed: from_autoconfig treats None like Tls.
    security: toSecurity(optional(element, 'socketType')),
    username: optional(element, 'username')
  }
}

function toSecurity(socketType = 'SSL'): Server['security'] {
  const security = securities[socketType]
  if (security === undefined) throw new Refusal(`socketType "${socketType}"`)
  return security
}

// Observed: the type is Option<u16>.
function toPort(text: string | undefined): number | undefined {
  if (text !== undefined && !(/^\+?\d+$/.test(text) && Number(text) < 65536)) throw new Refusal(`port "${text}"`)
  return text === undefined ? undefined : Number(text)
}

// Observed: struct Documentation, struct Description: `text` is mandatory, since it is not an Option.
function readDocumentation(page: XmlTree): void {
  attribute(page, 'url')
  if (list(page, 'descr').some(description => textOf(description) === '')) throw new Refusal('<descr> without text')
}

/** Observed: in serde-xml-rs, another element in between ends a Vec. */
function list(parent: XmlTree, name: string): XmlTree[] {
  const children = elements(parent)
  const found = elements(parent, name)
  const begin = children.findIndex(child => child.name === name)
  const isTogether = found.every((element, index) => children[begin + index] === element)
  if (!isTogether) throw new Refusal(`<${name}> in two places`)
  return found
}

function atMostOne(parent: XmlTree, name: string): XmlTree | undefined {
  const [first, ...others] = elements(parent, name)
  if (others.length > 0) throw new Refusal(`<${name}> twice`)
  return first
}

function optional(parent: XmlTree, name: string): string | undefined {
  const element = atMostOne(parent, name)
  return element && textOf(element)
}

function mandatory(parent: XmlTree, name: string): void {
  if (atMostOne(parent, name) === undefined) throw new Refusal(`no <${name}>`)
}

function attribute({ name, attributes }: XmlTree, wanted: string): string {
  const value = attributes[wanted]
  if (value === undefined) throw new Refusal(`<${name}> without ${wanted}`)
  return value
}

function textOf(element: XmlTree): string {
  return ownText(element).trim()
}
