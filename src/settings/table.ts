/**
 * The settings table ready for use: which provider serves a domain. Memory grows with the patterns in the table.
 */
import { type Provider, toProvider } from './provider.ts'
import type { Settings } from './schema.ts'

export interface Table {
  readonly settings: Settings
  readonly providers: readonly Provider[]
  /** Answers `*`. */
  readonly fallback: Provider | undefined
  /** @param domain as A-labels. @returns the provider that lists it, by name or by `*.parent` */
  find(domain: string): Provider | undefined
  /**
   * @param host as A-labels. @returns the provider among whose mail exchangers the host is, or whose exchangers are
   * right below it: Thunderbird asks autoconfig.<parent of the MX>, Evolution autoconfig.<MX> and each parent
   */
  findExchanger(host: string): Provider | undefined
}

/** @param settings must have passed `findFaults` */
export function createTable(settings: Settings): Table {
  const providers = settings.providers.map(toProvider)
  const domains = new Map(providers.flatMap(provider => provider.domains.map(domain => [domain, provider] as const)))
  const exchangers = new Map(providers.flatMap(provider => provider.mx.map(host => [host, provider] as const)))
  const parents = new Map(
    [...exchangers].map(([host, provider]) => [host.slice(host.indexOf('.') + 1), provider] as const)
  )
  return {
    settings,
    providers,
    fallback: domains.get('*'),
    find: domain => domains.get(domain) ?? below(domains, domain),
    findExchanger: host => exchangers.get(host) ?? parents.get(host) ?? below(exchangers, host)
  }
}

function below(patterns: ReadonlyMap<string, Provider>, name: string): Provider | undefined {
  for (let dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
    const provider = patterns.get(`*${name.slice(dot)}`)
    if (provider !== undefined) return provider
  }
  return undefined
}
