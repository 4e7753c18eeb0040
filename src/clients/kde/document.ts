/**
 * How KMail's account wizard reads an autoconfig document.
 */
import { withoutDoctype } from '../../formats/xml.ts'
import { elements, readXmlTree, type XmlTree } from '../../formats/xml-tree.ts'
import { expand } from '../../settings/placeholder.ts'
import type { FoundServer } from '../model/client.ts'
import type { Mailbox } from '../model/mailbox.ts'

export interface Configuration {
  readonly incoming: FoundServer
  /** Undefined where it sets up receiving alone. */
  readonly outgoing: FoundServer | undefined
  /** How it would log in to the incoming server: MailTransport::TransportBase::EnumAuthenticationType. */
  readonly login: string
}

/** @returns the configuration that stands first in its list, or why there is none */
export function readConfig(body: string, mailbox: Mailbox): Configuration | string {
  const root = readXmlTree(withoutDoctype(body))
  if (root === undefined) return 'not XML'
  // Observed: KDE/kmail-account-wizard 8163b65, src/ispdbservice.cpp: handleReply: elementsByTagName: at any depth; of
  // several the first.
  const provider = below(root).find(({ name }) => name === 'emailProvider')
  if (provider === undefined) return 'no emailProvider'
  const servers = (name: string, protocol: FoundServer['protocol']) =>
    elements(provider, name)
      .filter(({ attributes }) => attributes.type === protocol)
      // Observed: KDE/kmail-account-wizard 8163b65, src/ispdb/serverconfiguration.cpp: Server::fromDomElement: without a
      // port no server; nothing else must be there.
      .filter(element => elements(element, 'port').length > 0)
      .map(element => ({ element, server: toServer(element, protocol, mailbox) }))
  // Observed: KDE/kmail-account-wizard 8163b65, src/ispdb/configurationmodel.cpp: setEmailProvider: all are offered, imap
  // before pop3, and all with the same smtp server: the first whose socketType is greatest in None < SSL < TLS, which is
  // STARTTLS (KDE/kmailtransport, mailtransport.kcfg).
  const [incoming] = [...servers('incomingServer', 'imap'), ...servers('incomingServer', 'pop3')]
  if (incoming === undefined) return 'no server to receive from'
  const [outgoing] = servers('outgoingServer', 'smtp').toSorted(
    (a, b) => ranks[b.server.security] - ranks[a.server.security]
  )
  return { incoming: incoming.server, outgoing: outgoing?.server, login: loginOf(incoming.element) }
}

const ranks: Record<FoundServer['security'], number> = { none: 0, tls: 1, starttls: 2 }

/** @returns all elements in document order, without the root */
function below(tree: XmlTree): XmlTree[] {
  return elements(tree).flatMap(child => [child, ...below(child)])
}

// Observed: …/serverconfiguration.cpp: Server::fromDomElement: of a repeated element the last; untrimmed.
function toServer(element: XmlTree, protocol: FoundServer['protocol'], mailbox: Mailbox): FoundServer {
  const last = (name: string) => textsOf(element, name).at(-1) ?? ''
  return {
    protocol,
    host: fill(last('hostname'), mailbox),
    // Observed: Qt QString::toInt: white space around it is allowed; what is no number is 0.
    port: /^\s*[+-]?\d+\s*$/.test(last('port')) ? Number(last('port')) : 0,
    // Observed: …/serverconfiguration.cpp: a socketType that it does not know changes nothing.
    security:
      textsOf(element, 'socketType')
        .flatMap(text => securities.get(text) ?? [])
        .at(-1) ?? 'none',
    username: fill(last('username'), mailbox)
  }
}

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['plain', 'none'],
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls']
])

// Observed: …/serverconfiguration.cpp: replacePlaceholders: in host and user names.
function fill(text: string, { address, localPart, domain }: Mailbox): string {
  return expand(text, { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain })
}

/**
 * Observed: …/serverconfiguration.cpp: `&& server.authType == PLAIN`: as long as it is PLAIN the next value is looked at, so
 * that what follows password-cleartext wins; what it does not know changes nothing.
 */
function loginOf(element: XmlTree): string {
  const known = textsOf(element, 'authentication').flatMap(text => logins.get(text) ?? [])
  return known.find(login => login !== 'PLAIN') ?? 'PLAIN'
}

// Observed: …/serverconfiguration.cpp: client-ip-based, where the format has client-IP-address.
const logins: ReadonlyMap<string, string> = new Map([
  ['password-cleartext', 'PLAIN'],
  ['plain', 'PLAIN'],
  ['password-encrypted', 'CRAM-MD5'],
  ['secure', 'CRAM-MD5'],
  ['NTLM', 'NTLM'],
  ['GSSAPI', 'GSSAPI'],
  ['client-ip-based', 'ANONYMOUS'],
  ['none', 'ANONYMOUS'],
  ['OAuth2', 'XOAUTH2']
])

function textsOf(element: XmlTree, name: string): string[] {
  return elements(element, name).map(contentOf)
}

/** Observed: Qt QDomElement::text: with the text of all elements in it. */
function contentOf({ children }: XmlTree): string {
  return children.map(child => (typeof child === 'string' ? child : contentOf(child))).join('')
}
