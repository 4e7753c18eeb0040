/**
 * The settings table ready for use: which provider serves a domain. Memory grows with the patterns in the table.
 */
import { madeUpColumns } from './names/login-name.ts'
import { type Provider, toProvider } from './provider.ts'
import type { Settings } from './schema.ts'

export interface Table {
  readonly settings: Settings
  readonly providers: readonly Provider[]
  /** Answers `*`. */
  readonly fallback: Provider | undefined
  /** @param domain as A-labels. @returns the provider that lists it, by name or by `*.parent` */
  find(domain: string): Provider | undefined
  /** @param domain as A-labels. @returns the provider that lists it by name */
  findByName(domain: string): Provider | undefined
  /**
   * @param host as A-labels. @returns the provider that has the host, or a subdomain of it, as a mail exchanger: Evolution asks autoconfig.<MX> and autoconfig.<each parent>, Thunderbird the nearest and the farthest
   */
  findExchanger(host: string): Provider | undefined
  /** @param host as A-labels. @returns the provider that lists it by name among its mail exchangers */
  findExchangerByName(host: string): Provider | undefined
  /** @param exchange of an MX record, as A-labels. @returns the provider that lists it, by name or by `*.parent` */
  findMx(exchange: string): Provider | undefined
  /**
   * @param name as A-labels. @returns whether it is a domain, a mail exchanger or a parent of one that the table has by
   * name: a finite set, unlike the names that `*.parent` matches
   */
  names(name: string): boolean
}

/**
 * @param settings must have passed `findFaults`
 * @param logos pictures as data: URLs, by the id of the provider
 */
export function createTable(settings: Settings, logos: ReadonlyMap<string, string> = new Map()): Table {
  const { users, http } = settings
  const columns = madeUpColumns(users)
  const providers = settings.providers.map(each => {
    const looksUpUsers = users !== undefined && (users.providers?.includes(each.id) ?? true)
    return toProvider(each, {
      logo: logos.get(each.id),
      looksUpUsers,
      lookedUpColumns: looksUpUsers ? columns : [],
      publicUrl: http?.publicUrl
    })
  })
  const domains = byPattern(providers, 'domains')
  const exchangers = byPattern(providers, 'mx')
  const parents = parentsOf(exchangers)
  return {
    settings,
    providers,
    fallback: domains.get('*'),
    find: domain => domains.get(domain) ?? below(domains, domain),
    findByName: domain => domains.get(domain),
    findExchangerByName: host => exchangers.get(host),
    findExchanger: host => exchangers.get(host) ?? parents.get(host) ?? below(exchangers, host),
    findMx: exchange => exchangers.get(exchange) ?? below(exchangers, exchange),
    names: name => domains.has(name) || exchangers.has(name) || parents.has(name)
  }
}

/** The last in the table wins. Domains that pass `findFaults` are unique. */
function byPattern(providers: readonly Provider[], list: 'domains' | 'mx'): Map<string, Provider> {
  const patterns = new Map<string, Provider>()
  for (const provider of providers) for (const pattern of provider[list]) patterns.set(pattern, provider)
  return patterns
}

function below(patterns: ReadonlyMap<string, Provider>, name: string): Provider | undefined {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const provider = patterns.get(`*${name.slice(dot)}`)
    if (provider !== undefined) return provider
  }
  return undefined
}

/** Why only parents with a dot: `net` is a parent of every mail exchanger in .net. The first in the table wins. */
function parentsOf(patterns: ReadonlyMap<string, Provider>): Map<string, Provider> {
  const parents = new Map<string, Provider>()
  for (const [name, provider] of patterns) {
    const labels = name.split('.')
    for (let skip = 1; skip < labels.length - 1; skip++) {
      const parent = labels.slice(skip).join('.')
      if (!parents.has(parent)) parents.set(parent, provider)
    }
  }
  return parents
}
