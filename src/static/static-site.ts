/**
 * Every document of a table that is the same for all addresses of a domain, as files of hosts; and redirects, which no
 * file can be.
 */
import { answer } from '../dialects/answer.ts'
import { type Document, isDocument } from '../dialects/document.ts'
import { dialects } from '../dialects/index.ts'
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

/** What clients ask there that needs no address. Why not /v1.1/<domain>: its host is whoever's Thunderbirds are pointed to. */
const servicePaths = {
  autoconfig: ['/mail/config-v1.1.xml', '/.well-known/mail-v1.xml', '/v1.1/mail/config-v1.1.xml'],
  autodiscover: ['/autodiscover/autodiscover.xml'],
  'ua-auto-config': ['/.well-known/user-agent-configuration.json']
} as const

const domainPaths = [
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/autodiscover/autodiscover.xml',
  '/.well-known/caldav',
  '/.well-known/carddav',
  '/.well-known/jmap'
]

/** @param providers of the table */
export function toStaticSite(table: Table, providers: readonly Provider[]): StaticSite {
  const named = providers.flatMap(({ domains }) => domains.filter(domain => !domain.startsWith('*')))
  const exchangers = providers.flatMap(({ mx }) => mx.flatMap(exchangerSites)).filter(site => !named.includes(site))
  const services = [
    ...named.flatMap(domain =>
      Object.entries(servicePaths).map(([label, paths]) => toHost(`${label}.${domain}`, paths, table))
    ),
    ...new Set(exchangers).values().map(site => toHost(`autoconfig.${site}`, servicePaths.autoconfig, table))
  ]
  const domains = named.map(domain => toHost(domain, domainPaths, table))
  return { services: services.filter(hasAny), domains: domains.filter(hasAny), untold: providers.flatMap(untoldOf) }
}

/** @returns the domains below which mail programs ask for the mail exchanger's settings */
function exchangerSites(pattern: string): string[] {
  const labels = pattern.replace(/^\*\./, '').split('.')
  return labels.slice(0, -1).map((_, skip) => labels.slice(skip).join('.'))
}

function toHost(host: string, paths: readonly string[], table: Table): StaticHost {
  const asked = paths.flatMap(path => ask(host, path, table))
  return {
    host,
    files: asked.filter(found => 'body' in found),
    redirects: asked.filter(found => 'location' in found)
  }
}

function ask(host: string, path: string, table: Table): (StaticFile | StaticRedirect)[] {
  const dialect = dialects.find(({ routes }) => routes.some(route => route.method === 'GET' && route.path === path))
  const question = dialect?.ask({ method: 'GET', url: path, query: '', body: undefined })
  if (dialect === undefined || question === undefined || isDocument(question)) return []
  const { document } = answer(dialect, table, question, host)
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
