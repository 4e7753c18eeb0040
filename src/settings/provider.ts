/**
 * A provider of the table with all defaults and canonical names. Dialects generate their documents from it.
 */
import { type Brand, toBrand } from './brand.ts'
import type { ProtocolColumn } from './names/name-columns.ts'
import { toDomain } from './question/domain.ts'
import type { Authentication, Protocol, ProviderSettings, Security, ServerSettings } from './schema.ts'

export const socketProtocols = ['imap', 'pop3', 'smtp', 'managesieve'] as const
export type SocketProtocol = (typeof socketProtocols)[number]
export type ServiceProtocol = Exclude<Protocol, SocketProtocol>

/** A server with a host and a port. */
export interface Server {
  readonly protocol: SocketProtocol
  /** A-labels; may contain %EMAILDOMAIN%. */
  readonly host: string
  readonly port: number
  readonly security: Security
  /** Best first. */
  readonly authentication: readonly Authentication[]
  /** Prefix of all folders of an imap server. */
  readonly pathPrefix?: string
  /** The rule of its login names, or `none`; undefined: the one of the provider. */
  readonly username?: string
}

/** A server with a URL. */
export interface Service {
  readonly protocol: ServiceProtocol
  /** ASCII, without the port 443; may contain %EMAILDOMAIN%. */
  readonly url: string
  readonly authentication: readonly Authentication[]
  /** The rule of its login names, or `none`; undefined: the one of the provider. */
  readonly username?: string
}

export interface Provider {
  readonly id: string
  readonly name: string
  readonly shortName: string
  /** Canonical, including `*.example.com` and `*`. */
  readonly domains: readonly string[]
  readonly mx: readonly string[]
  /** The rule of the login name for all servers without their own: a text with placeholders, in which `%%` is a percent sign. */
  readonly username: string
  /** Whether login names contain the address as it was typed or in lower case. */
  readonly usernameCase: 'as-typed' | 'lower'
  /** Whether login names are looked up in `users`. Documents without an address contain `username` instead. */
  readonly looksUpUsers: boolean
  /** Columns of `users` with the login names of some protocols. */
  readonly lookedUpColumns: readonly ProtocolColumn[]
  /** Public URL of this service, without a final slash. Customers' own host names may have no certificate. */
  readonly publicUrl: string | undefined
  readonly servers: readonly Server[]
  readonly services: readonly Service[]
  readonly password: NonNullable<ProviderSettings['password']>
  readonly documentation: NonNullable<ProviderSettings['documentation']>
  readonly website: string | undefined
  readonly webmail: string | undefined
  /** Appearance of the setup page. */
  readonly brand: Brand
  readonly oauth: ProviderSettings['oauth']
  /** The Autodiscover URL of an Exchange service, to which Outlook and ActiveSync are sent; may contain %EMAILDOMAIN%. */
  readonly exchangeUrl: string | undefined
  /** Optional elements of Thunderbird autoconfig, which some mail programs handle badly. */
  readonly extras: NonNullable<ProviderSettings['autoconfig']>['include']
  /** Who decides about S/MIME in accounts from Apple profiles. */
  readonly smime: NonNullable<ProviderSettings['apple']>['smime']
  readonly dialects: Readonly<Record<keyof NonNullable<ProviderSettings['dialects']>, boolean>>
}

export const shortNameLimit = 20

const defaultPorts: Record<SocketProtocol, { tls: number; clear: number }> = {
  // Spec: RFC 8314 7.3 assigns the ports of implicit TLS; RFC 9051 2.1, RFC 1939 3, RFC 6409 3.1, RFC 5804 1.8 the others.
  imap: { tls: 993, clear: 143 },
  pop3: { tls: 995, clear: 110 },
  smtp: { tls: 465, clear: 587 },
  managesieve: { tls: 4190, clear: 4190 }
}

const everyDialect: Provider['dialects'] = {
  thunderbird: true,
  outlook: true,
  'outlook-json': true,
  apple: true,
  pacc: true,
  'well-known': true,
  api: true,
  web: true
}

export interface ProviderOptions {
  /** The logo of the provider as a data: URL. */
  readonly logo?: string | undefined
  readonly looksUpUsers?: boolean
  readonly lookedUpColumns?: readonly ProtocolColumn[]
  readonly publicUrl?: string | undefined
}

/** @param settings must have no errors in `findFaults` */
export function toProvider(settings: ProviderSettings, options: ProviderOptions = {}): Provider {
  const { logo, looksUpUsers = false, lookedUpColumns = [], publicUrl } = options
  const name = singleSpaced(settings.name)
  return {
    id: settings.id,
    name,
    shortName: singleSpaced(settings.shortName ?? shorten(name)),
    domains: settings.domains.map(domain => toPattern(domain) ?? domain),
    mx: (settings.mx ?? []).map(pattern => toPattern(pattern) ?? pattern),
    username: settings.username ?? '%EMAILADDRESS%',
    usernameCase: settings.usernameCase ?? 'as-typed',
    looksUpUsers,
    lookedUpColumns,
    publicUrl,
    servers: settings.servers.flatMap(server => (isSocket(server.protocol) ? [toServer(server, server.protocol)] : [])),
    services: settings.servers.flatMap(({ protocol, url = '', authentication = ['password'], username }) =>
      isSocket(protocol)
        ? []
        : [{ protocol, url: toUrl(url), authentication, ...(username !== undefined && { username }) }]
    ),
    password: toPassword(settings.password ?? {}),
    documentation: (settings.documentation ?? []).map(({ url, text }) => ({ url: toUrl(url), text })),
    website: settings.website && toUrl(settings.website),
    webmail: settings.webmail && toUrl(settings.webmail),
    brand: toBrand(settings.brand ?? {}, logo),
    oauth: settings.oauth && toOauth(settings.oauth),
    exchangeUrl: settings.autodiscover && toAutodiscoverUrl(settings.autodiscover.redirect),
    extras: settings.autoconfig?.include ?? [],
    smime: settings.apple?.smime ?? 'user',
    dialects: { ...everyDialect, ...settings.dialects }
  }
}

/** @returns the first server of a protocol, the only one in documents for mail programs */
export function preferred(provider: Provider, protocol: SocketProtocol): Server | undefined {
  return provider.servers.find(server => server.protocol === protocol)
}

/** @returns the first service of a protocol */
export function serviceOf(provider: Provider, protocol: ServiceProtocol): Service | undefined {
  return provider.services.find(service => service.protocol === protocol)
}

/** @returns `example.com`, `*.example.com` or `*` with A-labels; undefined for any other text */
export function toPattern(text: string): string | undefined {
  if (text === '*') return text
  if (!text.startsWith('*.')) return toDomain(text)
  const parent = toDomain(text.slice(2))
  return parent && `*.${parent}`
}

// Why: .invalid is reserved (RFC 6761 6.4), so real host names never contain this substitute for %EMAILDOMAIN%.
const domainSubstitute = 'emaildomain.invalid'

/** @returns the host with A-labels and with %EMAILDOMAIN% unchanged; undefined if it is not a host name */
export function toHost(text: string): string | undefined {
  return toDomain(text.replaceAll('%EMAILDOMAIN%', domainSubstitute))?.replaceAll(domainSubstitute, '%EMAILDOMAIN%')
}

export function isSocket(protocol: Protocol): protocol is SocketProtocol {
  return socketProtocols.some(socket => socket === protocol)
}

export function defaultPort(protocol: SocketProtocol, security: Security): number {
  return security === 'tls' ? defaultPorts[protocol].tls : defaultPorts[protocol].clear
}

/** Spec: RFC 8314 3 prefers implicit TLS; ManageSieve has only STARTTLS (RFC 5804 1.7). */
export function defaultSecurity(protocol: SocketProtocol): Security {
  return protocol === 'managesieve' ? 'starttls' : 'tls'
}

function toServer(settings: ServerSettings, protocol: SocketProtocol): Server {
  const { security = defaultSecurity(protocol), host = '', authentication = ['password'] } = settings
  const { port = defaultPort(protocol, security), pathPrefix, username } = settings
  return {
    protocol,
    host: toHost(host) ?? host,
    port,
    security,
    authentication,
    ...(pathPrefix !== undefined && { pathPrefix }),
    ...(username !== undefined && { username })
  }
}

/**
 * Spec: draft-ietf-mailmaint-pacc-03: names neither begin nor end with a space and contain no double spaces. Observed:
 * Thunderbird for Android, Evolution, FairEmail, KDE, Geary and aerc do not trim text in XML.
 */
function singleSpaced(name: string): string {
  return name.trim().replace(/ {2,}/g, ' ')
}

function toPassword({ url, ...rest }: Provider['password']): Provider['password'] {
  return { ...rest, ...(url !== undefined && { url: toUrl(url) }) }
}

/** Spec: RFC 8414 3.3 compares the issuer character by character, so it stays as written. */
function toOauth({ authorizationUrl, tokenUrl, ...rest }: NonNullable<Provider['oauth']>): Provider['oauth'] {
  return { ...rest, authorizationUrl: toUrl(authorizationUrl), tokenUrl: toUrl(tokenUrl) }
}

/** Why: Location headers are ASCII, URLs in PACC have no ports, and programs expect URLs to be ASCII. */
function toUrl(text: string): string {
  const url = text.replaceAll('%EMAILDOMAIN%', domainSubstitute)
  return URL.canParse(url) ? new URL(url).href.replaceAll(domainSubstitute, '%EMAILDOMAIN%') : text
}

const autodiscoverPath = '/autodiscover/autodiscover.xml'

/**
 * @returns whether mail programs accept the URL as a redirect target of Autodiscover: its path ends in
 * `/autodiscover/autodiscover.xml`, or is completed by `toProvider`, and there is no query
 */
export function isAutodiscoverUrl(text: string): boolean {
  const { pathname, search, hash } = new URL(text.replaceAll('%EMAILDOMAIN%', domainSubstitute))
  return (pathname === '/' || pathname.toLowerCase().endsWith(autodiscoverPath)) && search === '' && hash === ''
}

/** Observed: EWS libraries (ews-javascript-api 0.15, LegacyPathRegex) accept the path in lower case only. */
function toAutodiscoverUrl(text: string): string {
  const url = toUrl(text)
  if (!url.toLowerCase().endsWith(autodiscoverPath)) return url.replace(/\/$/, autodiscoverPath)
  return url.slice(0, -autodiscoverPath.length) + autodiscoverPath
}

/**
 * Why: clients show the short name in a narrow list, and a name that ends at a word boundary is easier to read. A placeholder
 * counts as one character here, since it is either kept as a whole or left out.
 */
function shorten(name: string): string {
  const characters = name.split(/(%EMAILDOMAIN%)/).flatMap((part, at) => (at % 2 === 0 ? [...part] : [part]))
  if (characters.length <= shortNameLimit) return name
  const space = characters.lastIndexOf(' ', shortNameLimit)
  return characters
    .slice(0, space > 0 ? space : shortNameLimit)
    .join('')
    .trimEnd()
}

/** @returns a domain of the provider for examples; if it has only patterns, a made-up domain that matches one */
export function exampleDomain({ domains }: Provider): string {
  const named = domains.find(domain => !domain.startsWith('*'))
  const [pattern = '*'] = domains
  return named ?? (pattern === '*' ? 'example.com' : pattern.replace('*', 'example'))
}

/** Why three: "and 1 more" would be as long as the name. */
const mostListed = 3

/** @returns the domains for a person: all of a few, or two examples and the number of the others */
export function describeDomains({ domains }: Pick<Provider, 'domains'>): string {
  if (domains.length <= mostListed) return domains.join(', ')
  return `${domains.slice(0, 2).join(', ')} and ${domains.length - 2} more`
}
