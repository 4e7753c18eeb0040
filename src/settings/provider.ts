/**
 * A provider of the table with every default filled in and every name canonical: what dialects are written from.
 */
import { type Brand, toBrand } from './brand.ts'
import { toDomain } from './domain.ts'
import type { Authentication, Protocol, ProviderSettings, Security, ServerSettings } from './schema.ts'

export const socketProtocols = ['imap', 'pop3', 'smtp', 'managesieve'] as const
export type SocketProtocol = (typeof socketProtocols)[number]
export type ServiceProtocol = Exclude<Protocol, SocketProtocol>

/** A server that is reached by host and port. */
export interface Server {
  readonly protocol: SocketProtocol
  /** A-labels; may hold %EMAILDOMAIN%. */
  readonly host: string
  readonly port: number
  readonly security: Security
  /** Best first. */
  readonly authentication: readonly Authentication[]
}

/** A server that is reached by URL. */
export interface Service {
  readonly protocol: ServiceProtocol
  /** ASCII, without the port 443; may hold %EMAILDOMAIN%. */
  readonly url: string
  readonly authentication: readonly Authentication[]
}

export interface Provider {
  readonly id: string
  readonly name: string
  readonly shortName: string
  /** Canonical, including `*.example.com` and `*`. */
  readonly domains: readonly string[]
  readonly mx: readonly string[]
  /** A text with placeholders. */
  readonly username: string
  /** Who is asked about has a log-in name of their own, which is looked up; `username` is for everybody else. */
  readonly looksUpUsers: boolean
  readonly servers: readonly Server[]
  readonly services: readonly Service[]
  readonly password: NonNullable<ProviderSettings['password']>
  readonly documentation: NonNullable<ProviderSettings['documentation']>
  readonly website: string | undefined
  readonly webmail: string | undefined
  /** How the page for people looks. */
  readonly brand: Brand
  readonly oauth: ProviderSettings['oauth']
  /** Elements of Thunderbird autoconfig beyond the safest document. */
  readonly extras: NonNullable<ProviderSettings['autoconfig']>['include']
  readonly dialects: Readonly<Record<keyof NonNullable<ProviderSettings['dialects']>, boolean>>
}

export const shortNameLimit = 20

const defaultPorts: Record<SocketProtocol, { tls: number; clear: number }> = {
  // Spec: RFC 8314 7.3 for implicit TLS; RFC 9051 2.1, RFC 1939 3, RFC 6409 3.1, RFC 5804 1.8 for the rest.
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
  /** The provider's, as a data: URL. */
  readonly logo?: string | undefined
  readonly looksUpUsers?: boolean
}

/** @param settings must have passed `findFaults` */
export function toProvider(settings: ProviderSettings, { logo, looksUpUsers = false }: ProviderOptions = {}): Provider {
  const name = oneSpace(settings.name)
  return {
    id: settings.id,
    name,
    shortName: oneSpace(settings.shortName ?? shorten(name)),
    domains: settings.domains.map(domain => toPattern(domain) ?? domain),
    mx: (settings.mx ?? []).map(pattern => toPattern(pattern) ?? pattern),
    username: settings.username ?? '%EMAILADDRESS%',
    looksUpUsers,
    servers: settings.servers.flatMap(server => (isSocket(server.protocol) ? [toServer(server, server.protocol)] : [])),
    services: settings.servers.flatMap(({ protocol, url = '', authentication = ['password'] }) =>
      isSocket(protocol) ? [] : [{ protocol, url: toUrl(url), authentication }]
    ),
    password: toPassword(settings.password ?? {}),
    documentation: (settings.documentation ?? []).map(({ url, text }) => ({ url: toUrl(url), text })),
    website: settings.website && toUrl(settings.website),
    webmail: settings.webmail && toUrl(settings.webmail),
    brand: toBrand(settings.brand ?? {}, logo),
    oauth: settings.oauth && toOauth(settings.oauth),
    extras: settings.autoconfig?.include ?? [],
    dialects: { ...everyDialect, ...settings.dialects }
  }
}

/** @returns whether a program may log in with the address, without asking */
export function logsInByAddress({ username, looksUpUsers }: Provider): boolean {
  return username === '%EMAILADDRESS%' && !looksUpUsers
}

/** @returns the first server of a protocol, which is the one that machine documents carry */
export function preferred(provider: Provider, protocol: SocketProtocol): Server | undefined {
  return provider.servers.find(server => server.protocol === protocol)
}

/** @returns the first service of a protocol */
export function serviceOf(provider: Provider, protocol: ServiceProtocol): Service | undefined {
  return provider.services.find(service => service.protocol === protocol)
}

/** @returns `example.com`, `*.example.com` or `*` with A-labels, or undefined where the pattern is none of these */
export function toPattern(text: string): string | undefined {
  if (text === '*') return text
  if (!text.startsWith('*.')) return toDomain(text)
  const parent = toDomain(text.slice(2))
  return parent && `*.${parent}`
}

// Why: .invalid is nobody's (RFC 6761 6.4), so no host name of anybody's holds the stand-in.
const stand = 'emaildomain.invalid'

/** @returns the host with A-labels, %EMAILDOMAIN% kept, or undefined where it is no host name */
export function toHost(text: string): string | undefined {
  return toDomain(text.replaceAll('%EMAILDOMAIN%', stand))?.replaceAll(stand, '%EMAILDOMAIN%')
}

export function isSocket(protocol: Protocol): protocol is SocketProtocol {
  return socketProtocols.some(socket => socket === protocol)
}

export function defaultPort(protocol: SocketProtocol, security: Security): number {
  return security === 'tls' ? defaultPorts[protocol].tls : defaultPorts[protocol].clear
}

/** Spec: RFC 8314 3: implicit TLS where there is any; RFC 5804 1.7: ManageSieve has none. */
export function defaultSecurity(protocol: SocketProtocol): Security {
  return protocol === 'managesieve' ? 'starttls' : 'tls'
}

function toServer(settings: ServerSettings, protocol: SocketProtocol): Server {
  const { security = defaultSecurity(protocol), host = '', authentication = ['password'] } = settings
  const { port = defaultPort(protocol, security) } = settings
  return { protocol, host: toHost(host) ?? host, port, security, authentication }
}

/**
 * Spec: draft-ietf-mailmaint-pacc-03: names have no spaces around them, and no two together. Observed: Thunderbird for
 * Android, Evolution, FairEmail, KDE, Geary and aerc do not trim what stands in XML.
 */
function oneSpace(name: string): string {
  return name.trim().replace(/ {2,}/g, ' ')
}

function toPassword({ url, ...rest }: Provider['password']): Provider['password'] {
  return { ...rest, ...(url !== undefined && { url: toUrl(url) }) }
}

/** Spec: RFC 8414 3.3: the issuer is compared letter by letter. */
function toOauth({ authorizationUrl, tokenUrl, ...rest }: NonNullable<Provider['oauth']>): Provider['oauth'] {
  return { ...rest, authorizationUrl: toUrl(authorizationUrl), tokenUrl: toUrl(tokenUrl) }
}

/** Why: a Location header is ASCII, PACC has no ports in its URLs, and programs take a URL for ASCII. */
function toUrl(text: string): string {
  const url = text.replaceAll('%EMAILDOMAIN%', stand)
  return URL.canParse(url) ? new URL(url).href.replaceAll(stand, '%EMAILDOMAIN%') : text
}

/** Why: clients show the short name in a narrow list; a name cut between words reads better than one cut inside. */
function shorten(name: string): string {
  const characters = [...name]
  if (characters.length <= shortNameLimit) return name
  const space = characters.lastIndexOf(' ', shortNameLimit)
  return characters
    .slice(0, space > 0 ? space : shortNameLimit)
    .join('')
    .trimEnd()
}

//@@ src/settings/example-domain.ts
//@@ /**
//@@  * A domain to show and try a provider with.
//@@  */
/** @returns a domain of the provider; one that it may have where it has only patterns */
export function exampleDomain({ domains }: Provider): string {
  const named = domains.find(domain => !domain.startsWith('*'))
  const [pattern = '*'] = domains
  return named ?? (pattern === '*' ? 'example.com' : pattern.replace('*', 'example'))
}
