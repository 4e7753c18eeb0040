/**
 * KMail's account wizard. It requests the ISPDB first, never sends the address, and stops at the first response with status
 * 200, regardless of its content.
 */
import { withoutDoctype } from '../formats/xml.ts'
import { elements, readXmlTree, type XmlTree } from '../formats/xml-tree.ts'
import { expand } from '../settings/names/placeholder.ts'
import { type Client, type FoundAccount, type FoundServer, isAscii, type Mailbox } from './model/client.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'

export const kde: Client = {
  name: 'kde',
  title: 'KMail',
  release: 'source of 2026-07',
  source: 'KDE/kmail-account-wizard 8163b65 (2026-07)',
  takes: 'the first imap or pop3 server and the smtp server with the safest socketType',
  discover: createDiscover(search)
}

async function search(mailbox: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  const { domain, typedDomain } = mailbox
  // Observed: the address parser of KMime 22.12 (Debian 12) returns no domain in this case.
  if (!isAscii(typedDomain)) return 'asks for the servers, because the domain is not in ASCII'
  // Observed: KDE/kmail-account-wizard 8163b65, src/ispdbservice.cpp: requestConfig uses the order of SearchServerType.
  const urls = [
    `https://autoconfig.thunderbird.net/v1.1/${domain}`,
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `http://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`
  ]
  for (const asked of urls) {
    const { response, url } = await tracer.follow(
      // Observed: Qt 6 QNetworkAccessManager sends its own User-Agent and follows 50 redirects, but not from https to
      // http.
      { method: 'GET', url: asked, headers: { 'user-agent': 'Mozilla/5.0' } },
      { most: 50, mayFollow: ({ from, to }) => from.protocol === to.protocol || to.protocol === 'https:' }
    )
    // Observed: …/ispdbservice.cpp: only `HttpStatusCodeAttribute) != 200` leads to the next URL.
    if (response?.status !== 200) continue
    const read = readConfig(response.body, mailbox)
    if (typeof read === 'string') {
      tracer.note(`ends the search: ${read}`)
      return `asks for the servers: ${read}`
    }
    tracer.note(`used, logs in with ${read.login}`)
    return { incoming: read.incoming, outgoing: read.outgoing, from: url }
  }
  return 'asks for the servers'
}

export interface Configuration {
  readonly incoming: FoundServer
  /** Undefined if it only configures receiving. */
  readonly outgoing: FoundServer | undefined
  /** Login method of the incoming server: MailTransport::TransportBase::EnumAuthenticationType. */
  readonly login: string
}

/** @returns the first configuration in its list, or the reason why there is no such configuration */
export function readConfig(body: string, mailbox: Mailbox): Configuration | string {
  const root = readXmlTree(withoutDoctype(body))
  if (root === undefined) return 'not XML'
  // Observed: KDE/kmail-account-wizard 8163b65, src/ispdbservice.cpp: handleReply: elementsByTagName finds elements at
  // any depth and returns the first of several.
  const provider = below(root).find(({ name }) => name === 'emailProvider')
  if (provider === undefined) return 'no emailProvider'
  const servers = (name: string, protocol: FoundServer['protocol']) =>
    elements(provider, name)
      .filter(({ attributes }) => attributes.type === protocol)
      // Observed: KDE/kmail-account-wizard 8163b65, src/ispdb/serverconfiguration.cpp: Server::fromDomElement requires
      // only a port.
      .filter(element => elements(element, 'port').length > 0)
      .map(element => ({ element, server: toServer(element, protocol, mailbox) }))
  // Observed: KDE/kmail-account-wizard 8163b65, src/ispdb/configurationmodel.cpp: setEmailProvider: all incoming servers
  // are offered, imap before pop3, with the same smtp server: the first with the greatest socketType in None < SSL < TLS, which
  // means STARTTLS (KDE/kmailtransport, mailtransport.kcfg).
  const [incoming] = [...servers('incomingServer', 'imap'), ...servers('incomingServer', 'pop3')]
  if (incoming === undefined) return 'no incoming server'
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

// Observed: …/serverconfiguration.cpp: Server::fromDomElement: the last of repeated elements is used, without trimming.
function toServer(element: XmlTree, protocol: FoundServer['protocol'], mailbox: Mailbox): FoundServer {
  const last = (name: string) => textsOf(element, name).at(-1) ?? ''
  return {
    protocol,
    host: fill(last('hostname'), mailbox),
    // Observed: Qt QString::toInt: surrounding white space is allowed, and invalid numbers become 0.
    port: /^\s*[+-]?\d+\s*$/.test(last('port')) ? Number(last('port')) : 0,
    // Observed: …/serverconfiguration.cpp: an unknown socketType is ignored.
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

// Observed: …/serverconfiguration.cpp: replacePlaceholders is applied to host and user names.
function fill(text: string, { address, localPart, domain }: Mailbox): string {
  return expand(text, { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': domain })
}

/**
 * Observed: …/serverconfiguration.cpp: `&& server.authType == PLAIN`: while the method is PLAIN, the next value is
 * considered, so that the one after password-cleartext is used. Unknown values are ignored.
 */
function loginOf(element: XmlTree): string {
  const known = textsOf(element, 'authentication').flatMap(text => logins.get(text) ?? [])
  return known.find(login => login !== 'PLAIN') ?? 'PLAIN'
}

// Observed: …/serverconfiguration.cpp: the program expects client-ip-based instead of client-IP-address.
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

/** Observed: Qt QDomElement::text: it includes the text of all descendants. */
function contentOf({ children }: XmlTree): string {
  return children.map(child => (typeof child === 'string' ? child : contentOf(child))).join('')
}
