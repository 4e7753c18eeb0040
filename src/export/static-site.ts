/**
 * The static part of a table: documents that are the same for all addresses of a domain, as files per host, and redirects,
 * which the configuration of the web server contains.
 */
import { answer } from '../dialects/answer.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Document } from '../dialects/document.ts'
import { outlook, outlookPath } from '../dialects/outlook/autodiscover.ts'
import { pacc } from '../dialects/pacc.ts'
import { preflightHeaders } from '../dialects/preflight.ts'
import { thunderbird } from '../dialects/thunderbird/autoconfig.ts'
import { wellKnown } from '../dialects/well-known.ts'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'

export interface StaticSite {
  /** Hosts that only Signpost uses, such as autoconfig.example.com. */
  readonly services: readonly StaticHost[]
  /** The mail domains themselves, which may have a website. */
  readonly domains: readonly StaticHost[]
  /** Messages about what cannot be exported. */
  readonly omissions: readonly string[]
}

export interface StaticHost {
  /** A-labels. */
  readonly host: string
  readonly files: readonly StaticFile[]
  readonly redirects: readonly StaticRedirect[]
}

export interface StaticFile {
  /** URL path in lower case, with a slash at the start. */
  readonly path: string
  /** Whether requests over plain http are redirected to https. */
  readonly httpsOnly: boolean
  readonly headers: Document['headers']
  readonly body: string
}

export interface StaticRedirect {
  readonly path: string
  readonly status: number
  readonly location: string
  /** Without the location. */
  readonly headers: Document['headers']
}

/** Headers of the response to a preflight request for a redirect. */
export const redirectPreflight = preflightHeaders('GET, HEAD, POST, PROPFIND, REPORT, OPTIONS')

/** @returns whether pages of other websites may follow the redirect */
export function isCrossOrigin({ headers }: StaticRedirect): boolean {
  return 'access-control-allow-origin' in headers
}

interface Request {
  readonly dialect: Dialect
  readonly path: string
  readonly form?: string
}

/**
 * Requests that need no address, by the label before the domain. Why not /v1.1/<domain>: Thunderbird sends it to a host
 * that its administrator chooses.
 */
const serviceRequests = {
  autoconfig: ['/mail/config-v1.1.xml', '/.well-known/mail-v1.xml', '/v1.1/mail/config-v1.1.xml'].map(path => ({
    dialect: thunderbird,
    path
  })),
  autodiscover: [{ dialect: outlook, path: outlookPath }],
  'ua-auto-config': [{ dialect: pacc, path: '/.well-known/user-agent-configuration.json' }]
}

const domainRequests: readonly Request[] = [
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
      Object.entries(serviceRequests).map(([label, requests]) => toHost(`${label}.${domain}`, requests, table))
    ),
    ...new Set(exchangers).values().map(site => toHost(`autoconfig.${site}`, serviceRequests.autoconfig, table))
  ]
  const domains = named.map(domain => toHost(domain, domainRequests, table))
  return {
    services: services.filter(hasAny),
    domains: domains.filter(hasAny),
    omissions: providers.flatMap(omissionsOf)
  }
}

/** @returns the domains that mail programs try when they look for the settings of a mail exchanger */
function exchangerSites(pattern: string): string[] {
  const labels = pattern.replace(/^\*\./, '').split('.')
  return labels.slice(0, -1).map((_, skip) => labels.slice(skip).join('.'))
}

function toHost(host: string, requests: readonly Request[], table: Table): StaticHost {
  const responses = requests.flatMap(request => respond(host, request, table))
  return {
    host,
    files: responses.filter(found => 'body' in found),
    redirects: responses.filter(found => 'location' in found)
  }
}

function respond(host: string, { dialect, path, ...rest }: Request, table: Table): (StaticFile | StaticRedirect)[] {
  const { document } = answer(dialect, table, { domain: undefined, ...rest }, host)
  if (document === undefined) return []
  const { status, headers, body } = document
  const { location, ...others } = headers
  // Why encoded: in the configuration of web servers, these characters mark variables.
  const target = location === undefined ? undefined : String(location).replace(/[${}]/g, encodeURIComponent)
  if (target !== undefined) return [{ path, status, location: target, headers: others }]
  return status === 200 ? [{ path, httpsOnly: dialect.httpsPath !== undefined, headers, body }] : []
}

function hasAny({ files, redirects }: StaticHost): boolean {
  return files.length + redirects.length > 0
}

function omissionsOf(provider: Provider): string[] {
  const { id, domains, mx, servers, services, documentation, name, shortName, website = '', webmail = '' } = provider
  const hosts = [...servers.map(({ host }) => host), ...services.map(({ url }) => url)]
  const texts = [name, shortName, website, webmail, ...documentation.map(({ url }) => url)]
  const dependsOnDomain = [...hosts, ...texts].some(text => text.includes('%EMAILDOMAIN%'))
  return [
    ...domains
      .filter(domain => domain.startsWith('*'))
      .map(pattern => `${id}: "${pattern}" is omitted because it matches any number of hosts`),
    ...(dependsOnDomain ? mx : []).map(
      host => `${id}: customers at ${host} are omitted because their settings depend on the domain`
    )
  ]
}
