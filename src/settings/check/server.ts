/**
 * Checks of one server beyond the schema.
 */
import { basedOn, error, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { defaultPort, defaultSecurity, isSocket, type SocketProtocol, toHost } from '../provider.ts'
import type { Security, ServerSettings } from '../schema.ts'
import { checkHost, isAddress } from './host.ts'
import { checkServiceUrl } from './service-url.ts'

export function checkServer(server: ServerSettings, path: Path): Fault[] {
  const { protocol, url } = server
  const urlFaults = url === undefined ? [] : checkServiceUrl(url, protocol, [...path, 'url'])
  if (!isSocket(protocol)) return [...checkService(server, path), ...urlFaults]
  // Why: a protocol that does not match the schema counts as imap. An error in the URL is then the only one that is certain.
  const urlErrors = urlFaults.filter(({ severity }) => severity === 'error')
  const { url: _, ...withoutUrl } = server
  return [...checkSocket(urlErrors.length > 0 ? withoutUrl : server, protocol, path), ...urlErrors]
}

function checkSocket(server: ServerSettings, protocol: SocketProtocol, path: Path): Fault[] {
  const { host, url, security = defaultSecurity(protocol), allowPlaintext, pathPrefix } = server
  const ofProtocol: Fault[] = []
  if (url !== undefined) ofProtocol.push(misplaced(path, 'url', url, `${protocol} has a host instead`))
  if (host === undefined) {
    const lack = error(path, `found no host, expected the host name of the ${protocol} server`)
    ofProtocol.push(...basedOn([[...path, 'host']], [lack]))
  }
  if (protocol === 'managesieve' && security === 'tls') {
    ofProtocol.push(expected([...path, 'security'], security, 'starttls (RFC 5804 has no implicit TLS)'))
  } else {
    ofProtocol.push(...checkPort(server, protocol, security, path))
  }
  if (pathPrefix !== undefined && protocol !== 'imap') {
    ofProtocol.push(misplaced(path, 'pathPrefix', pathPrefix, 'only imap servers have prefixes of folders'))
  }
  return [
    ...basedOn([[...path, 'protocol']], ofProtocol),
    ...(pathPrefix === undefined || protocol !== 'imap' ? [] : checkPathPrefix(pathPrefix, path)),
    ...(host === undefined ? [] : checkMailHost(host, [...path, 'host'])),
    ...(security === 'none' && allowPlaintext !== true ? [plaintext(path)] : [])
  ]
}

function plaintext(path: Path): Fault {
  const fault = expected([...path, 'security'], 'none', 'tls or starttls, or allowPlaintext: true as well')
  return { ...fault, basedOn: [[...path, 'allowPlaintext']] }
}

function checkPathPrefix(prefix: string, path: Path): Fault[] {
  const isOneLine = prefix.trim() === prefix && !/[\t\n\r\u2028\u2029]/.test(prefix)
  return isOneLine
    ? []
    : [expected([...path, 'pathPrefix'], prefix, 'a prefix such as "INBOX." without spaces around it')]
}

const hostName = 'a host name such as mail.example.com or mail.%EMAILDOMAIN%'

/** Why errors here: documents for mail programs can contain no other names. */
function checkMailHost(host: string, path: Path): Fault[] {
  return toHost(host) === undefined
    ? [expected(path, host, hostName + hostMistake(host))]
    : checkHost(host.replace(/\.$/, ''), path)
}

function hostMistake(host: string): string {
  if (isAddress(host)) return ', because certificates are issued for names'
  if (host.includes('://')) return ` without ${host.slice(0, host.indexOf('://') + 3)}`
  return /:\d+$/.test(host) ? ', and the number as port' : ''
}

// Spec: RFC 8314 7.3: ports with TLS from the first byte (tls) and without (clear).
const portUses: Readonly<Record<number, readonly [protocol: SocketProtocol, mode: 'tls' | 'clear']>> = {
  25: ['smtp', 'clear'],
  110: ['pop3', 'clear'],
  143: ['imap', 'clear'],
  465: ['smtp', 'tls'],
  587: ['smtp', 'clear'],
  993: ['imap', 'tls'],
  995: ['pop3', 'tls'],
  4190: ['managesieve', 'clear']
}

function checkPort(server: ServerSettings, protocol: SocketProtocol, security: Security, path: Path): Fault[] {
  const { port } = server
  const use = port === undefined ? undefined : portUses[port]
  if (use === undefined) return []
  const portPath = [...path, 'port']
  const standard = defaultPort(protocol, security)
  if (use[0] !== protocol)
    return [expected(portPath, port, `a port of ${protocol} such as ${standard}, not of ${use[0]}`)]
  if (isUnusual({ ...server, security })) return checkUnusualPort(server, { use: use[1], standard, path })
  // Spec: RFC 6409 3.1: port 25 is for mail between servers; mail programs submit mail on another port.
  return port === 25 ? [warning(portPath, `found ${port}, which many networks block, expected 465 or 587`)] : []
}

/**
 * @param server without a port, it has the standard one
 * @returns whether its port begins with TLS and the server does not, or the other way round
 */
export function isUnusual({ port, security = 'tls' }: Pick<ServerSettings, 'port' | 'security'>): boolean {
  const use = port === undefined ? undefined : portUses[port]
  return use !== undefined && (use[1] === 'tls') !== (security === 'tls')
}

interface UnusualPort {
  readonly use: 'tls' | 'clear'
  readonly standard: number
  readonly path: Path
}

function checkUnusualPort(
  { port, security, allowUnusualPort }: ServerSettings,
  { use, standard, path }: UnusualPort
): Fault[] {
  const securityPath = [...path, 'security']
  const usual = use === 'tls' ? 'tls' : 'starttls'
  if (allowUnusualPort === true) {
    const harm = `found ${found(port)} without ${usual}: programs that choose the security by the port cannot connect`
    return basedOn([securityPath], [warning([...path, 'port'], harm)])
  }
  const what = `security ${usual} on port ${port}, or port ${standard}`
  const fault =
    security === undefined
      ? { ...expected([...path, 'port'], port, what), basedOn: [securityPath] }
      : expected(securityPath, security, what)
  return basedOn([[...path, 'allowUnusualPort']], [fault])
}

function checkService(server: ServerSettings, path: Path): Fault[] {
  const { protocol, url } = server
  const faults: Fault[] = []
  for (const key of ['host', 'port', 'security', 'allowPlaintext', 'allowUnusualPort', 'pathPrefix'] as const) {
    if (server[key] !== undefined) {
      faults.push(misplaced(path, key, server[key], `${protocol} only has a url`))
    }
  }
  if (url === undefined) {
    const lack = error(path, `found no url, expected the https:// URL of the ${protocol} server`)
    faults.push(...basedOn([[...path, 'url']], [lack]))
  }
  return basedOn([[...path, 'protocol']], faults)
}

function misplaced(path: Path, key: string, value: unknown, why: string): Fault {
  return error([...path, key], `found ${found(value)}, but ${why}`)
}

/** @returns whether the text is a URL in which only %EMAILDOMAIN% needs to be replaced */
export function isUrlWithDomain(text: string): boolean {
  const url = text.replaceAll('%EMAILDOMAIN%', 'example.com')
  return URL.canParse(url) && !/%(?![\dA-Fa-f]{2})/.test(url)
}
