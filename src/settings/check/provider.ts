/**
 * Checks of one provider beyond the schema.
 */

import { contrastOnPage, minimumContrast, pageColors } from '../brand.ts'
import { basedOn, error, everyItem, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { isOauthHostOfThunderbird, isOauthHostOfThunderbirdAndroid } from '../oauth-hosts.ts'
import { defaultPort, defaultSecurity, isSocket, shortNameLimit, toHost, toPattern } from '../provider.ts'
import type { BrandSettings, Protocol, ProviderSettings, ServerSettings } from '../schema.ts'
import { checkFragment, checkUrl } from './address.ts'
import { checkAutodiscover, checkExtras } from './dialects.ts'
import { checkServer } from './server.ts'
import { checkUsernames } from './username.ts'

export function checkProvider(provider: ProviderSettings, path: Path): Fault[] {
  const { name, shortName, domains, mx = [], servers, password, documentation = [], oauth } = provider
  const { brand = {} } = provider
  return [
    ...checkName(name, path, { key: 'name', most: 60, better: 30, domains }),
    ...(shortName === undefined
      ? []
      : checkName(shortName, path, { key: 'shortName', most: shortNameLimit, better: 12, domains })),
    ...checkUsernames(provider, path),
    ...domains.flatMap((domain, index) => checkDomain(domain, [...path, 'domains', index])),
    ...mx.flatMap((host, index) => checkExchanger(host, [...path, 'mx', index])),
    ...servers.flatMap((server, index) => checkServer(server, [...path, 'servers', index])),
    ...checkServers(servers, [...path, 'servers']),
    ...(password?.url === undefined ? [] : checkUrl(password.url, [...path, 'password', 'url'])),
    ...documentation.flatMap(({ url }, index) => checkUrl(url, [...path, 'documentation', index, 'url'])),
    ...(['website', 'webmail'] as const).flatMap(key =>
      provider[key] === undefined ? [] : checkUrl(provider[key], [...path, key])
    ),
    ...(['issuer', 'authorizationUrl', 'tokenUrl'] as const).flatMap(key =>
      oauth === undefined ? [] : checkEndpoint(oauth[key], [...path, 'oauth', key])
    ),
    ...checkBrand(brand, [...path, 'brand']),
    ...checkAutodiscover(provider, path),
    ...checkExtras(provider, path)
  ]
}

/** Spec: RFC 6749 3.1 and 3.2, RFC 8414 2: URLs of an authorization server have no fragment. */
function checkEndpoint(url: string, path: Path): Fault[] {
  return [...checkUrl(url, path), ...checkFragment(url, path)]
}

interface NameLimits {
  readonly key: 'name' | 'shortName'
  /** In characters. */
  readonly most: number
  readonly better: number
  readonly domains: readonly string[]
}

/** Spec: draft-ietf-mailmaint-autoconfig-06, displayName and displayShortName. */
function checkName(name: string, path: Path, { key, most, better, domains }: NameLimits): Fault[] {
  const at = [...path, key]
  if (name.trim() === '' || /[\t\n\r\u2028\u2029]/.test(name)) return [expected(at, name, 'one line of text')]
  const hasDomain = name.includes('%EMAILDOMAIN%')
  const length = [...name.replaceAll('%EMAILDOMAIN%', longestOf(domains))].length
  const shown = hasDomain ? `${length} characters with the longest domain` : `${length} characters`
  // Why: one long domain must not make the whole table invalid.
  if (length > most && !hasDomain) return [error(at, `found ${shown}, expected at most ${most}`)]
  if (length <= better) return []
  const fault = warning(at, `found ${shown}, but mail programs have room for ${better}`)
  return hasDomain ? basedOn([[...path, 'domains']], [fault]) : [fault]
}

/** @returns the longest domain that is listed by name, or an example */
function longestOf(domains: readonly string[]): string {
  const named = domains.filter(domain => !domain.startsWith('*'))
  return named.reduce(
    (longest, domain) => (domain.length > longest.length ? domain : longest),
    named[0] ?? 'example.com'
  )
}

function checkDomain(domain: string, path: Path): Fault[] {
  const what = 'a domain such as example.com, *.example.com or *'
  if (toPattern(domain) === undefined) return [expected(path, domain, what)]
  const [, mailDomain] = /^(?:autoconfig\.|autodiscover\.|ua-auto-config\.|www\.(?=[^.]+\.))(.+)/i.exec(domain) ?? []
  if (mailDomain !== undefined) {
    return [warning(path, `found ${found(domain)}, expected the mail domain, which is ${mailDomain}`)]
  }
  return domain === '*' ? [] : checkDot(domain, path, 'a whole domain such as example.com')
}

function checkExchanger(host: string, path: Path): Fault[] {
  const what = 'a host name such as mx1.example.com or *.example.com'
  return toPattern(host) === undefined || host === '*' ? [expected(path, host, what)] : checkDot(host, path, what)
}

function checkDot(name: string, path: Path, what: string): Fault[] {
  return name.includes('.') ? [] : [warning(path, `found ${found(name)}, expected ${what}`)]
}

function checkServers(servers: readonly ServerSettings[], path: Path): Fault[] {
  const firstOf = new Map<Protocol, number>()
  const seen = new Map<string, number>()
  const repeated: Fault[] = []
  for (const [index, server] of servers.entries()) {
    if (!firstOf.has(server.protocol)) firstOf.set(server.protocol, index)
    const endpoint = endpointOf(server)
    if (endpoint === undefined) continue
    const first = seen.get(endpoint)
    if (first === undefined) {
      seen.set(endpoint, index)
      continue
    }
    const fault = error([...path, index], `found ${endpoint} a second time, expected each server once`)
    const compared = [first, index].flatMap(each => endpointKeys.map(key => [...path, each, key]))
    repeated.push(...basedOn(compared, [fault]))
  }
  return [
    ...basedOn([[...path, everyItem, 'protocol']], checkCompleteness(firstOf, path)),
    ...repeated,
    ...servers.flatMap((server, index) => {
      if (firstOf.get(server.protocol) !== index) return []
      const upToIt = servers.slice(0, index + 1).map((_, each) => [...path, each, 'protocol'])
      return basedOn(upToIt, checkFirst(server, servers, { index, path }))
    })
  ]
}

function checkCompleteness(protocols: ReadonlyMap<Protocol, unknown>, path: Path): Fault[] {
  const faults: Fault[] = []
  if (!protocols.has('imap') && !protocols.has('pop3')) {
    faults.push(warning(path, 'found no imap or pop3 server: mail programs get no settings for receiving mail'))
  }
  // Observed: Thunderbird 156 (readFromXML) and Thunderbird for Android reject a document without an smtp server.
  if (!protocols.has('smtp')) {
    faults.push(warning(path, 'found no smtp server: Thunderbird and Apple get a 404'))
  }
  return faults
}

const endpointKeys = ['protocol', 'host', 'port', 'security', 'url'] as const

/** @returns `imap at imap.example.com:993`; undefined if the server lacks a host or a URL */
function endpointOf(server: ServerSettings): string | undefined {
  const { protocol, host, url } = server
  if (!isSocket(protocol)) return url && `${protocol} at ${url}`
  const { security = defaultSecurity(protocol), port = defaultPort(protocol, security) } = server
  return host && `${protocol} at ${toHost(host) ?? host}:${port}`
}

/**
 * Why: documents for mail programs contain only the first server of each protocol.
 * @param server the first of its protocol
 * @param options.path of the list
 */
function checkFirst(
  server: ServerSettings,
  servers: readonly ServerSettings[],
  { index, path }: { readonly index: number; readonly path: Path }
): Fault[] {
  const { protocol, authentication = ['password'] } = server
  if (!isSocket(protocol)) return []
  const securityOf = (other: ServerSettings) => other.security ?? defaultSecurity(protocol)
  const security = securityOf(server)
  const hasTls = servers.some(other => other.protocol === protocol && securityOf(other) === 'tls')
  const warn = (key: string, message: string) => warning([...path, index, key], message)
  const faults: Fault[] = []
  // Observed: Thunderbird for Android (RealAutoconfigParser) rejects the whole document because of one plaintext server.
  if (security === 'none') {
    faults.push(warn('security', `found "none", but Thunderbird for Android rejects plaintext ${protocol}`))
  }
  // Spec: RFC 8314 3 prefers implicit TLS to STARTTLS.
  if (security !== 'tls' && hasTls) {
    const why = `expected tls first: mail programs get only the first ${protocol} server`
    const compared = servers.flatMap((other, each) =>
      other.protocol === protocol ? ['protocol', 'security'].map(key => [...path, each, key]) : []
    )
    faults.push(...basedOn(compared, [warn('security', `found "${security}" before "tls", ${why}`)]))
  }
  const acceptsPassword = authentication.includes('password') || authentication.includes('encrypted-password')
  if (!acceptsPassword && !(authentication.includes('oauth2') && isOauthHost(server))) {
    const what = `found no password, without which most mail programs cannot log in to ${protocol}`
    const compared = ['authentication', 'host'].map(key => [...path, index, key])
    faults.push(...basedOn(compared, [warn('authentication', what)]))
  }
  return faults
}

/** Observed: Thunderbird for Android (2026-08) does not support POP3. */
function isOauthHost({ protocol, host: written = '' }: ServerSettings): boolean {
  // Why: documents have it without the dot at its end.
  const host = toHost(written) ?? written
  return isOauthHostOfThunderbird(host) && (protocol === 'pop3' || isOauthHostOfThunderbirdAndroid(host))
}

export function checkBrand({ accent, accentDark, support }: BrandSettings, path: Path): Fault[] {
  return [
    ...(accent === undefined ? [] : checkContrast(accent, [...path, 'accent'], 'light')),
    ...(accentDark === undefined ? [] : checkContrast(accentDark, [...path, 'accentDark'], 'dark')),
    ...(support === undefined ? [] : checkUrl(support, [...path, 'support']))
  ]
}

/** Spec: WCAG 2.2 1.4.3 requires a contrast of 4.5:1 with each background that text can have. */
function checkContrast(color: string, path: Path, mode: keyof typeof pageColors): Fault[] {
  const background = pageColors[mode]
  const ratio = contrastOnPage(color, background)
  if (ratio >= minimumContrast) return []
  // Why: rounding up would show 4.499 as 4.5.
  const shown = Math.floor(ratio * 100) / 100
  const allowed = `expected at least ${minimumContrast}:1 on ${background.page} and ${background.card}`
  const advice = mode === 'light' ? 'a darker colour' : 'a lighter colour'
  return [error(path, `found ${found(color)} with a contrast of ${shown}:1, ${allowed}: ${advice}`)]
}
