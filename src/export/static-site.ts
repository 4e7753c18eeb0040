/**
 * Every document of a table that is the same for all addresses of a domain, as files of hosts; and redirects, which no
 * file can be.
 */
import { answer } from '../dialects/answer.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Document } from '../dialects/document.ts'
import { outlook, outlookPath } from '../dialects/outlook/autodiscover.ts'
import { pacc } from '../dialects/pacc.ts'
import { thunderbird } from '../dialects/thunderbird/autoconfig.ts'
import { wellKnown } from '../dialects/well-known.ts'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'

export interface StaticSite {
  /** Hosts of Signpost alone: autoconfig.example.com and the like. */
  readonly services: readonly StaticHost[]
  /** The mail domains, which may have a website. */
  readonly domains: readonly StaticHost[]
  /** What cannot be exported, a line each. */
  readonly untold: readonly string[]
}

export interface StaticHost {
  /** A-labels. */
  readonly host: string
  readonly files: readonly StaticFile[]
  readonly redirects: readonly StaticRedirect[]
}

export interface StaticFile {
  /** As asked, beginning with a slash; in small letters. */
  readonly path: string
  /** Over plain http it is a redirect to https. */
  readonly httpsOnly: boolean
  readonly headers: Document['headers']
  readonly body: string
}

export interface StaticRedirect {
  readonly path: string
  readonly status: number
  readonly location: string
}

interface Place {
  readonly dialect: Dialect
  readonly path: string
  readonly form?: string
}

/**
 * What clients ask there that needs no address, by the label before the domain. Why not /v1.1/<domain>: its host is whoever's
 * Thunderbirds are pointed to.
 */
const servicePlaces = {
  autoconfig: ['/mail/config-v1.1.xml', '/.well-known/mail-v1.xml', '/v1.1/mail/config-v1.1.xml'].map(path => ({
    dialect: thunderbird,
    path
  })),
  autodiscover: [{ dialect: outlook, path: outlookPath }],
  'ua-auto-config': [{ dialect: pacc, path: '/.well-known/user-agent-configuration.json' }]
}

const domainPlaces: readonly Place[] = [
  { dialect: thunderbird, path: '/.well-known/autoconfig/mail/config-v1.1.xml' },
  { dialect: outlook, path: outlookPath },
  ...['caldav', 'carddav', 'jmap'].map(form => ({ dialect: wellKnown, path: `/.well-known/${form}`, form }))
]

/** @param providers of the table */
export function toStaticSite(table: Table, providers: readonly Provider[]): StaticSite {
  const named = providers.flatMap(({ domains }) => domains.filter(domain => !domain.startsWith('*')))
  const exchangers = providers.flatMap(({ mx }) => mx.flatMap(exchangerSites)).filter(site => !named.includes(site))
  const services = [
    ...named.flatMap(domain =>
      Object.entries(servicePlaces).map(([label, places]) => toHost(`${label}.${domain}`, places, table))
    ),
    ...new Set(exchangers).values().map(site => toHost(`autoconfig.${site}`, servicePlaces.autoconfig, table))
  ]
  const domains = named.map(domain => toHost(domain, domainPlaces, table))
  return { services: services.filter(hasAny), domains: domains.filter(hasAny), untold: providers.flatMap(untoldOf) }
}

/** @returns the domains below which mail programs ask for the mail exchanger's settings */
function exchangerSites(pattern: string): string[] {
  const labels = pattern.replace(/^\*\./, '').split('.')
  return labels.slice(0, -1).map((_, skip) => labels.slice(skip).join('.'))
}

function toHost(host: string, places: readonly Place[], table: Table): StaticHost {
  const asked = places.flatMap(place => ask(host, place, table))
  return {
    host,
    files: asked.filter(found => 'body' in found),
    redirects: asked.filter(found => 'location' in found)
  }
}

function ask(host: string, { dialect, path, ...rest }: Place, table: Table): (StaticFile | StaticRedirect)[] {
  const { document } = answer(dialect, table, { domain: undefined, ...rest }, host)
  if (document === undefined) return []
  const { status, headers, body } = document
  const { location } = headers
  // Why encoded: in the configuration of web servers they begin variables.
  const target = location === undefined ? undefined : String(location).replace(/[${}]/g, encodeURIComponent)
  if (target !== undefined) return [{ path, status, location: target }]
  return status === 200 ? [{ path, httpsOnly: dialect.httpsPath !== undefined, headers, body }] : []
}

function hasAny({ files, redirects }: StaticHost): boolean {
  return files.length + redirects.length > 0
}

function untoldOf({ id, domains, mx, servers, services }: Provider): string[] {
  const places = [...servers.map(({ host }) => host), ...services.map(({ url }) => url)]
  const hasOwnHosts = places.some(place => place.includes('%EMAILDOMAIN%'))
  return [
    ...domains
      .filter(domain => domain.startsWith('*'))
      .map(pattern => `${id}: "${pattern}" names no hosts, and is left out`),
    ...(hasOwnHosts ? mx : []).map(
      host => `${id}: customers at ${host} have hosts of their own, which no file can tell`
    )
  ]
}
