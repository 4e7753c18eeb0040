/**
 * Servers that differ between people: the query of `users` may return a provider and hosts.
 *
 * Why a list in the settings: an unknown address must get servers that a known one could have, and a known one must never get
 * servers that no unknown one gets.
 */
import { createHmac } from 'node:crypto'
import type { UsersSettings } from '../settings/check/users.ts'
import { hostNames } from '../settings/overrides.ts'
import { type Provider, toHost } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'

/** The provider and the hosts of one person, by column; undefined: those of the domain. */
export type UserServers = Readonly<Partial<Record<'provider' | (typeof hostNames)[number], string>>>

/** An item of `users.unknownServers`. */
export type ServerChoice = NonNullable<UsersSettings['unknownServers']>[number]

/**
 * The choice for an unknown address. An item that is in the list twice is chosen twice as often.
 *
 * Why another hash than that of the login name: otherwise the name that is made up would follow from the servers, and that of
 * a known mailbox would not.
 * @param address in canonical form
 * @returns undefined if people have the servers of their domain
 */
export function chooseServers(
  choices: readonly ServerChoice[],
  address: string,
  secret: string
): ServerChoice | undefined {
  const hash = createHmac('sha512', secret).update(`servers\0${address}`).digest()
  // Why 48 bits: each item is as likely as any other, apart from one in a billion.
  return choices[hash.readUIntBE(0, 6) % Math.max(1, choices.length)]
}

/**
 * @param provider of the domain
 * @returns why a known mailbox cannot have these servers; undefined if it can
 */
export function serversProblem(
  choices: readonly ServerChoice[],
  servers: UserServers | undefined,
  { provider }: { readonly provider: Pick<Provider, 'id'> }
): string | undefined {
  if (choices.length === 0 && servers === undefined) return undefined
  const key = keyOf(servers ?? {}, provider)
  if (choices.some(choice => keyOf(choice, provider) === key)) return undefined
  return 'found servers that users.unknownServers does not contain, expected one of its items'
}

/** Why with the provider of the domain: naming it and leaving it out is the same. Why hosts as A-labels: one has several spellings. */
function keyOf(servers: UserServers, { id }: Pick<Provider, 'id'>): string {
  const hosts = hostNames.flatMap(name => {
    const host = servers[name]
    return host === undefined ? [] : [`${name} ${toHost(host) ?? host}`]
  })
  return [`provider ${servers.provider ?? id}`, ...hosts].join(', ')
}

/** @returns the provider with the servers of a person; that of the domain if a new table does not contain it any more */
export type ProviderOfServers = (
  provider: Provider,
  servers: UserServers | undefined,
  options: { readonly table: Table }
) => Provider

/** Providers with other hosts are made once for each table. Their number is that of `users.unknownServers`, at each provider. */
export function createProviderOfServers(): ProviderOfServers {
  const made = new WeakMap<Provider, Map<string, Provider>>()
  return (provider, servers, { table }) => {
    if (servers === undefined) return provider
    const { provider: id = provider.id, ...hosts } = servers
    const base = id === provider.id ? provider : (table.providers.find(each => each.id === id) ?? provider)
    const key = keyOf(hosts, base)
    if (hostNames.every(name => hosts[name] === undefined)) return base
    const known = made.get(base) ?? new Map<string, Provider>()
    made.set(base, known)
    const found = known.get(key) ?? withHosts(base, hosts)
    known.set(key, found)
    return found
  }
}

/** Why in the provider of the domain: its own name, its colours and its other servers are kept. */
function withHosts(base: Provider, hosts: UserServers): Provider {
  const servers = base.servers.map(server => {
    const host = hosts[`${server.protocol}_host`] ?? hosts.host
    return { ...server, host: (host && toHost(host)) ?? server.host }
  })
  // Why: servers that differ only by host are duplicates once the host is replaced.
  return { ...base, servers: [...new Map(servers.map(server => [JSON.stringify(server), server])).values()] }
}
