/**
 * How Mustang (Parula) reads documents. Observed: mustang-im/mustang 227ae5a, app/logic/Mail/AutoConfig/readConfig.ts,
 * saveConfig.ts, exchangeConfig.ts, and lib/util/sanitizeDatatypes.ts. Exchange accounts in autoconfig are left out.
 */
import { type FoundServer, type Mailbox, orRefusal, Refusal } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { attribute, child, children, type Jxon, readJxon, stringOf } from '../xml/jxon.ts'

/**
 * @param forDomain must match a `<domain>` of the document exactly
 * @throws `Refusal`
 */
export function readClientConfig(body: string, forDomain: string, mailbox: Mailbox): Servers {
  const provider = child(child(readJxon(body), 'clientConfig'), 'emailProvider')
  if (provider === undefined) throw new Refusal('no clientConfig with an emailProvider')
  if (!children(provider, 'domain').some(domain => domain === forDomain)) {
    throw new Refusal(`no <domain> is ${forDomain}`)
  }
  const [incoming] = readAll(children(provider, 'incomingServer'), ['imap', 'pop3'], mailbox)
  const [outgoing] = readAll(children(provider, 'outgoingServer'), ['smtp'], mailbox)
  if (incoming === undefined) throw new Refusal('no usable incomingServer')
  if (outgoing === undefined) throw new Refusal('no usable outgoingServer')
  return { incoming, outgoing }
}

/** Unusable servers are skipped. */
function readAll(
  servers: readonly Jxon[],
  protocols: readonly FoundServer['protocol'][],
  mailbox: Mailbox
): FoundServer[] {
  return servers.flatMap(server => {
    const protocol = protocols.find(each => each === attribute(server, 'type'))
    const read = protocol && orRefusal(() => readServer(server, protocol, mailbox))
    return read === undefined || read instanceof Refusal ? [] : [read]
  })
}

function readServer(server: Jxon, protocol: FoundServer['protocol'], mailbox: Mailbox): FoundServer {
  const security = children(server, 'socketType')
    .map(type => securities.get(stringOf(type)))
    .find(each => each !== undefined)
  if (security === undefined) throw new Refusal('no known socketType')
  // Observed: readServer accepts an OAuth2 method without an OAuth server if it is the last one.
  if (!children(server, 'authentication').some(method => methods.has(stringOf(method)))) {
    throw new Refusal('no known authentication')
  }
  const username = child(server, 'username')
  if (username === undefined) throw new Refusal('no username')
  return {
    protocol,
    host: fill(toHost(child(server, 'hostname')), mailbox),
    port: toPort(child(server, 'port')),
    security,
    username: fill(stringOf(username), mailbox)
  }
}

const securities: ReadonlyMap<string, FoundServer['security']> = new Map([
  ['plain', 'none'],
  ['SSL', 'tls'],
  ['STARTTLS', 'starttls']
])

const methods = new Set(['password-cleartext', 'basic', 'OAuth2', 'password-encrypted', 'GSSAPI', 'NTLM'])

/** Observed: sanitize.hostname. */
function toHost(value: Jxon | undefined): string {
  const text = value === undefined ? '' : stringOf(value)
  if (!/^[\p{Letter}\p{Number}\-.%]+$/u.test(text)) throw new Refusal(`hostname ${text}`)
  return text.toLowerCase()
}

/** Observed: sanitize.portTCP uses parseInt and accepts 1 to 65535. */
function toPort(value: Jxon | undefined): number {
  const port = Number.parseInt(stringOf(value), 10)
  if (!(port >= 1 && port <= 65535)) throw new Refusal(`port ${port}`)
  return port
}

/**
 * Observed: replaceVar replaces the first of each placeholder. A host was converted to lower case before, so its
 * placeholders remain.
 */
function fill(text: string, { address, localPart, typedDomain }: Mailbox): string {
  return text
    .replace('%EMAILADDRESS%', () => address)
    .replace('%EMAILLOCALPART%', () => localPart)
    .replace('%EMAILDOMAIN%', () => typedDomain)
}

/** @throws `Refusal` */
export function readAutodiscover(body: string, mailbox: Mailbox): Servers {
  const response = child(child(readJxon(body), 'Autodiscover'), 'Response')
  const protocols = children(child(response, 'Account'), 'Protocol')
  for (const element of protocols) {
    const type = child(element, 'Type')
    const protocol = type === 'IMAP' ? 'imap' : type === 'POP3' ? 'pop3' : undefined
    const server = protocol && orRefusal(() => readProtocol(element, protocol, mailbox))
    // Observed: readAutoDiscoverV1XML skips the type SMTP, and setSTMPServer uses the incoming host for sending.
    if (server !== undefined && !(server instanceof Refusal)) {
      return { incoming: server, outgoing: { ...server, protocol: 'smtp', port: smtpPorts[server.security] } }
    }
  }
  throw new Refusal('no IMAP or POP3 server')
}

const smtpPorts = { tls: 465, starttls: 587, none: 587 }

function readProtocol(element: Jxon, protocol: 'imap' | 'pop3', mailbox: Mailbox): FoundServer {
  const isOn = stringOf(child(element, 'SSL')).toLowerCase() === 'on'
  const encryption = child(element, 'Encryption')
  const isEncrypted = isOn || (typeof encryption === 'string' && encryption.toLowerCase() !== 'none')
  const port = toPort(child(element, 'Port'))
  const isStarttlsPort = port === (protocol === 'imap' ? 143 : 110)
  const login = child(element, 'LoginName')
  return {
    protocol,
    host: toHost(child(element, 'Server')),
    port,
    security: isEncrypted ? (isStarttlsPort ? 'starttls' : 'tls') : 'none',
    username: login === undefined ? mailbox.address : fill(stringOf(login), mailbox)
  }
}
