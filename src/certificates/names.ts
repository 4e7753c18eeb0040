/**
 * Which host names share a certificate: those of one mail domain. A certificate authority limits the number of orders, so one
 * order is better than two.
 */
import { toSite, withoutServiceLabel } from '../settings/question/account.ts'
import { longestDomain } from '../settings/question/domain.ts'
import type { Settings } from '../settings/schema.ts'
import type { Table } from '../settings/table.ts'

export interface NameGroup {
  /** The mail domain, or the host name that belongs to none, as A-labels. */
  readonly key: string
  /** The host names that must be covered: it is a problem of the group if one of them is not. */
  readonly names: readonly string[]
  /** Further host names, which are covered if they lead here. */
  readonly optional?: readonly string[]
  /** The host name that a client requested; undefined if the service itself tries the group. It is one of the names above. */
  readonly asked?: string
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
export function* listedGroups(table: ListedNames & Pick<Table, 'providers'>): Generator<NameGroup> {
  const own = new Set(ownNames(table.settings).map(groupOf))
  for (const key of own) yield { key, names: namesIn(key, table) }
  for (const key of listedDomains(table)) {
    const names = usualNames(key)
    if (!own.has(key) && names.length > 0) yield { key, names }
  }
}

type ListedNames = Pick<Table, 'settings' | 'findByName'>

/** @returns the host names of a group that the settings list; empty if they list none */
function namesIn(key: string, { settings, findByName }: ListedNames): readonly string[] {
  const own = ownNames(settings).filter(name => groupOf(name) === key)
  return [...new Set([...own, ...(findByName(key) ? usualNames(key) : [])])]
}

/** @returns the group with the host names that the settings list; without any if they do not list the group */
export function keptGroup(key: string, table: ListedNames): NameGroup {
  return { key, names: namesIn(key, table) }
}

function* listedDomains({ providers }: Pick<Table, 'providers'>): Generator<string> {
  for (const { domains } of providers) for (const domain of domains) if (!domain.startsWith('*')) yield domain
}

/**
 * Why the requested name is optional: strangers choose it, and a domain with a certificate is healthy without it.
 * @param name that a client requested
 * @returns its group, with the other names of the domain, because they may save a second order
 */
export function wantedGroup(name: string, table: ListedNames): NameGroup {
  const group = keptGroup(groupOf(name), table)
  const usual = group.key === name || group.names.length > 0 ? [] : usualNames(group.key)
  return { ...group, optional: [...new Set([name, ...usual])].filter(each => !group.names.includes(each)), asked: name }
}

/**
 * Why not `ua-auto-config.`: few programs ask it and few domains have it. It gets a certificate when a client asks.
 * @returns only those that are short enough for the DNS
 */
function usualNames(domain: string): readonly string[] {
  return [`autoconfig.${domain}`, `autodiscover.${domain}`].filter(({ length }) => length <= longestDomain)
}
