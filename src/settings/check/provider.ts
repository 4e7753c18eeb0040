/**
 * What the schema cannot say of one provider.
 */

import { contrastOnPage, leastContrast, pageColors } from '../brand.ts'
import { error, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { placeholders, strayPlaceholder } from '../placeholder.ts'
import { defaultPort, defaultSecurity, isSocket, shortNameLimit, toHost, toPattern } from '../provider.ts'
import type { BrandSettings, Protocol, ProviderSettings, ServerSettings } from '../schema.ts'
import { checkUrl } from './address.ts'
import { checkExtras } from './autoconfig.ts'
import { checkServer } from './server.ts'

export function checkProvider(provider: ProviderSettings, path: Path): Fault[] {
  const { name, shortName, username, domains, mx = [], servers, password, documentation = [], oauth } = provider
  const { brand = {} } = provider
  return [
    ...checkName(name, [...path, 'name'], 60, 30),
    ...(shortName === undefined ? [] : checkName(shortName, [...path, 'shortName'], shortNameLimit, 12)),
    ...(username === undefined ? [] : checkUsername(username, [...path, 'username'])),
    ...domains.flatMap((domain, index) => checkDomain(domain, [...path, 'domains', index])),
    ...mx.flatMap((host, index) => checkExchanger(host, [...path, 'mx', index])),
    ...servers.flatMap((server, index) => checkServer(server, [...path, 'servers', index])),
    ...checkTogether(servers, [...path, 'servers']),
    ...(password?.url === undefined ? [] : checkUrl(password.url, [...path, 'password', 'url'])),
    ...documentation.flatMap(({ url }, index) => checkUrl(url, [...path, 'documentation', index, 'url'])),
    ...(['website', 'webmail'] as const).flatMap(key =>
      provider[key] === undefined ? [] : checkUrl(provider[key], [...path, key])
    ),
    ...(['issuer', 'authorizationUrl', 'tokenUrl'] as const).flatMap(key =>
      oauth === undefined ? [] : checkUrl(oauth[key], [...path, 'oauth', key])
    ),
    ...checkBrand(brand, [...path, 'brand']),
    ...checkExtras(provider, path)
  ]
}

/** Spec: draft-ietf-mailmaint-autoconfig-06, displayName and displayShortName. */
function checkName(name: string, path: Path, most: number, better: number): Fault[] {
  const length = [...name].length
  if (name.trim() === '' || /[\t\n\r\u2028\u2029]/.test(name)) return [expected(path, name, 'one line of text')]
  if (length > most) return [error(path, `found ${length} characters, expected at most ${most}`)]
  if (length > better) {
    return [warning(path, `found ${length} characters, but mail programs have room for ${better}`)]
  }
  return []
}

const known = placeholders.join(', ')

function checkUsername(username: string, path: Path): Fault[] {
  const stray = strayPlaceholder(username)
  if (stray !== undefined) return [expected(path, stray, `one of ${known}`)]
  if (/\s/.test(username)) return [expected(path, username, 'no white space')]
  // Observed: Thunderbird 156 reads a numeric <username> as a number; a literal name is one account for everybody.
  if (!username.includes('%')) return [expected(path, username, `at least one of ${known}`)]
  // Observed: these (2026-08) replace a user name that is a placeholder, and no placeholder inside of one.
  if (username !== '%EMAILADDRESS%' && username !== '%EMAILLOCALPART%') {
    const why = 'FairEmail, Mailspring, EmailEngine and aerc do not replace'
    return [warning(path, `found ${found(username)}, which ${why}, expected %EMAILADDRESS% or %EMAILLOCALPART%`)]
  }
  return []
}

function checkDomain(domain: string, path: Path): Fault[] {
  const what = 'a domain such as example.com, *.example.com or *'
  if (toPattern(domain) === undefined) return [expected(path, domain, what)]
  const [, mailDomain] = /^(?:autoconfig|autodiscover|ua-auto-config)\.(.+)/i.exec(domain) ?? []
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

function checkTogether(servers: readonly ServerSettings[], path: Path): Fault[] {
  const firstOf = new Map<Protocol, number>()
  const places = new Set<string>()
  const repeated: Fault[] = []
  for (const [index, server] of servers.entries()) {
    if (!firstOf.has(server.protocol)) firstOf.set(server.protocol, index)
    const place = placeOf(server)
    if (place === undefined) continue
    if (places.has(place)) {
      repeated.push(error([...path, index], `found ${place} a second time, expected every server once`))
    }
    places.add(place)
  }
  return [
    ...checkCompleteness(firstOf, path),
    ...repeated,
    ...servers.flatMap((server, index) =>
      firstOf.get(server.protocol) === index ? checkFirst(server, servers, [...path, index]) : []
    )
  ]
}

function checkCompleteness(protocols: ReadonlyMap<Protocol, unknown>, path: Path): Fault[] {
  const faults: Fault[] = []
  if (!protocols.has('imap') && !protocols.has('pop3')) {
    faults.push(warning(path, 'found no imap or pop3 server: mail programs are told nothing about reading mail'))
  }
  // Observed: Thunderbird 156 (readFromXML) and Thunderbird for Android refuse a document without an smtp server.
  if (!protocols.has('smtp')) {
    faults.push(warning(path, 'found no smtp server: Thunderbird and Apple are answered 404'))
  }
  return faults
}

function placeOf(server: ServerSettings): string | undefined {
  const { protocol, host, url } = server
  if (!isSocket(protocol)) return url && `${protocol} at ${url}`
  const { security = defaultSecurity(protocol), port = defaultPort(protocol, security) } = server
  return host && `${protocol} at ${toHost(host) ?? host}:${port}`
}

/** Why: the first server of a protocol is the one that machine documents carry. */
function checkFirst(server: ServerSettings, servers: readonly ServerSettings[], path: Path): Fault[] {
  const { protocol, authentication = ['password'] } = server
  if (!isSocket(protocol)) return []
  const securityOf = (other: ServerSettings) => other.security ?? defaultSecurity(protocol)
  const security = securityOf(server)
  const hasTls = servers.some(other => other.protocol === protocol && securityOf(other) === 'tls')
  const warn = (key: string, message: string) => warning([...path, key], message)
  const faults: Fault[] = []
  // Observed: Thunderbird for Android (RealAutoconfigParser) refuses a whole document for one plain server.
  if (security === 'none') {
    faults.push(warn('security', `found "none", but Thunderbird for Android refuses plaintext ${protocol}`))
  }
  // Spec: RFC 8314 3: implicit TLS is preferred to STARTTLS.
  if (security !== 'tls' && hasTls) {
    const why = `expected tls first: mail programs are told the first ${protocol} server only`
    faults.push(warn('security', `found "${security}" before "tls", ${why}`))
  }
  // Observed: Thunderbird and Thunderbird for Android know OAuth2 only for hosts in tables of their own.
  if (!authentication.includes('password') && !authentication.includes('encrypted-password')) {
    const what = `found no password, without which most mail programs cannot log in to ${protocol}`
    faults.push(warn('authentication', what))
  }
  return faults
}

//@@ src/settings/check/brand.ts
//@@ /**
//@@  * What the schema cannot say of `brand`: whether its colours can be read.
//@@  */
export function checkBrand({ accent, accentDark, support }: BrandSettings, path: Path): Fault[] {
  return [
    ...(accent === undefined ? [] : checkContrast(accent, [...path, 'accent'], 'light')),
    ...(accentDark === undefined ? [] : checkContrast(accentDark, [...path, 'accentDark'], 'dark')),
    ...(support === undefined ? [] : checkUrl(support, [...path, 'support']))
  ]
}

/** Spec: WCAG 2.2 1.4.3: text is read at a contrast of 4.5 to 1, against each background that it may stand on. */
function checkContrast(color: string, path: Path, mode: keyof typeof pageColors): Fault[] {
  const background = pageColors[mode]
  const ratio = contrastOnPage(color, background)
  if (ratio >= leastContrast) return []
  // Why down: 4.499 must not be told as 4.5.
  const told = Math.floor(ratio * 100) / 100
  const allowed = `expected at least ${leastContrast}:1 on ${background.page} and ${background.card}`
  const advice = mode === 'light' ? 'a darker colour' : 'a lighter colour'
  return [error(path, `found ${found(color)} with a contrast of ${told}:1, ${allowed}: ${advice}`)]
}
