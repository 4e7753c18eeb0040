/**
 * Which host names share a certificate: those of one mail domain. A certificate authority limits the number of orders, so one
 * order is better than two.
 */
import { toSite, withoutServiceLabel } from '../settings/question/account.ts'
import type { Settings } from '../settings/schema.ts'
import type { Table } from '../settings/table.ts'

export interface NameGroup {
  /** The mail domain, or the host name that belongs to none, as A-labels. */
  readonly key: string
  /** The host names that must be covered. */
  readonly names: readonly string[]
  /** Further host names, which are covered if they lead here. */
  readonly optional?: readonly string[]
}

/** @param name a host name as A-labels. @returns the key of its group */
export function groupOf(name: string): string {
  return withoutServiceLabel(name) ?? name
}

/** @returns the host names that the settings name themselves: `http.publicUrl` and `http.tls.acme.names` */
export function ownNames({ http }: Pick<Settings, 'http'>): readonly string[] {
  const own = http?.publicUrl === undefined ? undefined : toSite(new URL(http.publicUrl).host)
  const further = http?.tls?.acme?.names?.flatMap(name => toSite(name) ?? []) ?? []
  return [...new Set([...(own === undefined ? [] : [own]), ...further])]
}

/**
 * The groups for which certificates are obtained before a client asks: the service's own names, together with the usual names of
 * their domain if the table lists it, then the other domains that the table lists, in its order.
 */
export function* listedGroups(table: Pick<Table, 'settings' | 'providers'>): Generator<NameGroup> {
  const own = Map.groupBy(ownNames(table.settings), groupOf)
  for (const domain of listedDomains(table)) own.get(domain)?.push(...usualNames(domain))
  for (const [key, names] of own) yield { key, names: [...new Set(names)] }
  for (const domain of listedDomains(table)) if (!own.has(domain)) yield { key: domain, names: usualNames(domain) }
}

function* listedDomains({ providers }: Pick<Table, 'providers'>): Generator<string> {
  for (const { domains } of providers) for (const domain of domains) if (!domain.startsWith('*')) yield domain
}

/** @param name that a client asked. @returns its group: the other names of the domain may save a second order */
export function wantedGroup(name: string): NameGroup {
  const key = groupOf(name)
  return { key, names: [name], optional: key === name ? [] : usualNames(key).filter(each => each !== name) }
}

/** Why not `ua-auto-config.`: few programs ask it and few domains have it. It gets a certificate when a client asks. */
function usualNames(domain: string): readonly string[] {
  return [`autoconfig.${domain}`, `autodiscover.${domain}`]
}
