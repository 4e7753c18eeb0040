/**
 * What the schema cannot say: faults that would make a mail program fail, and choices that some mail programs dislike.
 */
import { isIP } from 'node:net'
import { type Fault, found, type Path } from './finding.ts'
import { strayPlaceholder } from './placeholder.ts'
import { defaultPort, isSocket, shortNameLimit, toHost, toPattern } from './provider.ts'
import type { ProviderSettings, ServerSettings, Settings } from './schema.ts'

/** @param settings must have passed the schema */
export function findFaults(settings: Settings): Fault[] {
  return [
    ...checkTexts(settings, []),
    ...checkProxies(settings),
    ...checkUniqueness(settings),
    ...settings.providers.flatMap((provider, index) => checkProvider(provider, ['providers', index]))
  ]
}

const error = (path: Path, message: string): Fault => ({ severity: 'error', path, message })
const warning = (path: Path, message: string): Fault => ({ severity: 'warning', path, message })
const expected = (path: Path, value: unknown, what: string): Fault =>
  error(path, `found ${found(value)}, expected ${what}`)

/**
 * Spec: XML 1.0 2.2 has no way to write these characters. Non-characters are refused too: compiled documents use them
 * as marks (formats/template.ts).
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufdd0-\ufdef\ufffe\uffff]|\p{Cs}/u

function checkTexts(value: unknown, path: Path): Fault[] {
  if (typeof value === 'string') {
    return unwritable.test(value) ? [expected(path, value, 'a text without control characters')] : []
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => checkTexts(item, [...path, index]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, item]) => checkTexts(item, [...path, key]))
}

function checkProxies({ http }: Settings): Fault[] {
  return (http?.trustProxy ?? []).flatMap((network, index) => {
    const [address = '', bits, ...rest] = network.split('/')
    const most = isIP(address) === 4 ? 32 : 128
    const rightBits = bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
    if (isIP(address) !== 0 && rightBits && rest.length === 0) return []
    return [expected(['http', 'trustProxy', index], network, 'an IP address or a network such as 10.0.0.0/8')]
  })
}

function checkUniqueness({ providers }: Settings): Fault[] {
  const faults: Fault[] = []
  const owners = new Map<string, string>()
  const claim = (key: string, path: Path, value: string, owner: string) => {
    const other = owners.get(key)
    if (other === undefined) owners.set(key, owner)
    else faults.push(error(path, `found ${found(value)}, which ${other} has already`))
  }
  for (const [index, { id, domains, mx = [] }] of providers.entries()) {
    const owner = `provider "${id}"`
    claim(`id ${id}`, ['providers', index, 'id'], id, `another provider`)
    for (const [at, name] of domains.entries()) {
      claim(`domain ${toPattern(name) ?? name}`, ['providers', index, 'domains', at], name, owner)
    }
    for (const [at, name] of mx.entries()) {
      claim(`mx ${toPattern(name) ?? name}`, ['providers', index, 'mx', at], name, owner)
    }
  }
  return faults
}

function checkProvider(provider: ProviderSettings, path: Path): Fault[] {
  return [
    ...checkName(provider.name, [...path, 'name'], 60, 30),
    ...checkName(provider.shortName ?? '', [...path, 'shortName'], shortNameLimit, 12),
    ...checkUsername(provider.username, [...path, 'username']),
    ...provider.domains.flatMap((name, index) =>
      checkPattern(name, [...path, 'domains', index], 'a domain such as example.com, *.example.com or *')
    ),
    ...(provider.mx ?? []).flatMap((name, index) =>
      checkPattern(name, [...path, 'mx', index], 'a host name such as mx1.example.com or *.example.com')
    ),
    ...provider.servers.flatMap((server, index) => checkServer(server, [...path, 'servers', index])),
    ...checkCompleteness(provider, path)
  ]
}

/** Spec: draft-ietf-mailmaint-autoconfig-06, displayName and displayShortName. */
function checkName(name: string, path: Path, most: number, better: number): Fault[] {
  const length = [...name].length
  if (/[\n\t]/.test(name)) return [expected(path, name, 'one line')]
  if (length > most) return [error(path, `found ${length} characters, expected at most ${most}`)]
  if (length > better) return [warning(path, `${length} characters: mail programs have room for ${better}`)]
  return []
}

function checkUsername(username: string | undefined, path: Path): Fault[] {
  if (username === undefined) return []
  const stray = strayPlaceholder(username)
  const known = '%EMAILADDRESS%, %EMAILLOCALPART% or %EMAILDOMAIN%'
  if (stray !== undefined) return [expected(path, stray, known)]
  if (/[\s]/.test(username)) return [expected(path, username, 'no white space')]
  // Observed: Thunderbird 156 reads a numeric <username> as a number; a literal name is one account for everybody.
  if (!username.includes('%')) return [expected(path, username, `at least one of ${known}`)]
  return []
}

function checkPattern(name: string, path: Path, what: string): Fault[] {
  const isMx = path.includes('mx')
  return toPattern(name) === undefined || (isMx && name === '*') ? [expected(path, name, what)] : []
}

function checkServer(server: ServerSettings, path: Path): Fault[] {
  const { protocol } = server
  if (!isSocket(protocol)) return checkService(server, path)
  const { host, port, url, security = protocol === 'managesieve' ? 'starttls' : 'tls', allowPlaintext } = server
  const faults: Fault[] = []
  if (url !== undefined)
    faults.push(error([...path, 'url'], `found ${found(url)}, but a ${protocol} server has a host`))
  if (host === undefined) faults.push(error(path, `found no host, expected the host name of the ${protocol} server`))
  else if (toHost(host) === undefined) {
    faults.push(expected([...path, 'host'], host, 'a host name such as mail.example.com or mail.%EMAILDOMAIN%'))
  }
  if (protocol === 'managesieve' && security === 'tls') {
    faults.push(expected([...path, 'security'], security, 'starttls (RFC 5804 has no implicit TLS)'))
  } else if (port !== undefined && clashes(port, security)) {
    const right = security === 'tls' ? 'starttls' : 'tls'
    const where = [...path, server.security === undefined ? 'port' : 'security']
    const value = server.security === undefined ? port : security
    faults.push(expected(where, value, `security ${right} on port ${port}, or port ${defaultPort(protocol, security)}`))
  }
  if (security === 'none' && allowPlaintext !== true) {
    faults.push(expected([...path, 'security'], security, 'tls or starttls, or allowPlaintext: true beside it'))
  }
  return faults
}

/** Spec: RFC 8314 7.3: these ports speak TLS from the first byte, and the others never do. */
function clashes(port: number, security: NonNullable<ServerSettings['security']>): boolean {
  return security === 'tls' ? [25, 110, 143, 587].includes(port) : [465, 993, 995].includes(port)
}

function checkService(server: ServerSettings, path: Path): Fault[] {
  const { protocol, url } = server
  const faults: Fault[] = []
  for (const key of ['host', 'port', 'security', 'allowPlaintext'] as const) {
    if (server[key] !== undefined) {
      faults.push(error([...path, key], `found ${found(server[key])}, but a ${protocol} server has only a url`))
    }
  }
  if (url === undefined) faults.push(error(path, `found no url, expected the https:// URL of the ${protocol} server`))
  else if (
    !URL.canParse(url.replaceAll('%EMAILDOMAIN%', 'example.com')) ||
    strayPlaceholder(url.replace(/%[\dA-Fa-f]{2}/g, ''))
  ) {
    faults.push(expected([...path, 'url'], url, 'an https:// URL'))
  }
  return faults
}

function checkCompleteness({ servers }: ProviderSettings, path: Path): Fault[] {
  const at = [...path, 'servers']
  const faults: Fault[] = []
  const has = (protocol: string) => servers.some(server => server.protocol === protocol)
  if (!has('imap') && !has('pop3')) {
    faults.push(warning(at, 'no imap or pop3 server: mail programs are told nothing about reading mail'))
  }
  // Observed: Thunderbird 156 (readFromXML) and Thunderbird for Android refuse a document without an smtp server.
  if (!has('smtp')) faults.push(warning(at, 'no smtp server: Thunderbird and Apple are answered 404'))
  const seen = new Set<string>()
  for (const [index, server] of servers.entries()) {
    const { protocol, host, port, url, security = 'tls' } = server
    const key = `${protocol} ${host ?? url} ${isSocket(protocol) ? (port ?? defaultPort(protocol, security)) : ''}`
    if (seen.has(key)) faults.push(error([...at, index], `found ${protocol} on the same host and port a second time`))
    seen.add(key)
    const first = servers.find(other => other.protocol === protocol) === server
    if (first) faults.push(...checkFirst(server, [...at, index]))
  }
  return faults
}

/** The first server of a protocol is the one that machine documents carry. */
function checkFirst({ protocol, security, authentication = ['password'] }: ServerSettings, path: Path): Fault[] {
  if (!isSocket(protocol)) return []
  const faults: Fault[] = []
  // Observed: Thunderbird for Android (RealAutoconfigParser) refuses a whole document for one plain server.
  if (security === 'none') {
    faults.push(warning([...path, 'security'], `Thunderbird for Android refuses plaintext ${protocol}`))
  }
  // Observed: Thunderbird and Thunderbird for Android know OAuth2 only for hosts in tables of their own.
  if (!authentication.includes('password') && !authentication.includes('encrypted-password')) {
    faults.push(
      warning([...path, 'authentication'], `without password most mail programs cannot log in to ${protocol}`)
    )
  }
  return faults
}
