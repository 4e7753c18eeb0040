/**
 * The tables of automx2 as providers. There every domain has its own servers: domains of a provider that have the same
 * ones become one provider of the table.
 */

import type { Dropped, Imported, ImportedProvider } from '../../imported.ts'
import type { Automx2Rows, Row } from './database.ts'
import { type RowReading, toDavServer, toServer } from './server.ts'

/** @param source what findings call the file */
export function importAutomx2(all: Automx2Rows, source: string): Imported {
  const rows = { ...all, provider: uniqueById(all.provider), domain: uniqueById(all.domain) }
  const dropped: Dropped[] = []
  const originOf: RowReading['originOf'] = (table, { id }) => ({ source: `${source} ${table} ${id}` })
  const reading: RowReading = {
    originOf,
    drop: (table, row, { what, why }) => void dropped.push({ origin: originOf(table, row), what, why })
  }
  const serversOf = createServersOf(rows)
  const domainsOf = Map.groupBy(rows.domain, ({ provider_id }) => provider_id)
  const providers = rows.provider.flatMap(provider => {
    const domains = domainsOf.get(provider.id) ?? []
    const groups = [...Map.groupBy(domains, domain => serversOf(domain).key).values()]
    return groups.map(group => toProvider(provider, group, { serversOf, reading }))
  })
  dropUnused(rows, domainsOf, reading)
  return { providers, dropped }
}

type ServersOf = (domain: Row) => {
  /** The same for domains with the same servers. */
  readonly key: string
  readonly servers: readonly Row[]
  readonly davServers: readonly Row[]
}

function createServersOf({ server, davserver, server_domain, davserver_domain }: Automx2Rows): ServersOf {
  // Observed: automx2 2026.2 (servers_by_prio): the smallest number first.
  const inOrder = server.toSorted((a, b) => Number(a.prio ?? 0) - Number(b.prio ?? 0))
  const serversOf = linked(inOrder, server_domain, 'server_id')
  const davServersOf = linked(davserver, davserver_domain, 'davserver_id')
  return domain => {
    const servers = serversOf(domain)
    const davServers = davServersOf(domain)
    return { key: JSON.stringify([servers, davServers].map(rows => rows.map(({ id }) => id))), servers, davServers }
  }
}

/** @returns for a domain, the rows that are linked to it, in the order of the rows */
function linked(rows: readonly Row[], links: readonly Row[], key: string): (domain: Row) => Row[] {
  const byDomain = Map.groupBy(links, ({ domain_id }) => domain_id)
  const places = new Map(uniqueById(rows).map((row, place) => [row.id, { row, place }]))
  return domain => {
    const ids = new Set(byDomain.get(domain.id)?.map(link => link[key]))
    const found = [...ids].map(id => places.get(id)).filter(each => each !== undefined)
    return found.sort((a, b) => a.place - b.place).map(({ row }) => row)
  }
}

/** Why: a crafted file may repeat an id, and each row of it would multiply what is linked to the id. */
function uniqueById(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map(row => [row.id, row])).values()]
}

interface Context {
  readonly serversOf: ServersOf
  readonly reading: RowReading
}

function toProvider(provider: Row, domains: readonly Row[], { serversOf, reading }: Context): ImportedProvider {
  const { originOf } = reading
  const part = (value: unknown) => ({ value: String(value), origin: originOf('provider', provider) })
  const linked = domains.slice(0, 1).map(serversOf)
  const servers = linked.flatMap(({ servers: mail, davServers }) => [
    ...mail.map(row => toServer(row, reading)),
    ...davServers.map(row => toDavServer(row, reading))
  ])
  const isLdap = domains.some(({ ldapserver_id }) => ldapserver_id !== null && ldapserver_id !== undefined)
  return {
    origin: originOf('provider', provider),
    id: String(provider.short_name),
    name: part(provider.name),
    shortName: part(provider.short_name),
    domains: domains.map(row => ({ value: String(row.name), origin: originOf('domain', row) })),
    servers: servers.filter(server => server !== undefined),
    notes: isLdap ? ['automx2 asked an LDAP server for user names here.'] : []
  }
}

function dropUnused(rows: Automx2Rows, domainsOf: ReadonlyMap<unknown, readonly Row[]>, { drop }: RowReading): void {
  for (const row of rows.ldapserver) {
    drop('ldapserver', row, { what: `LDAP server ${row.name}`, why: 'user names come from the address alone' })
  }
  for (const row of rows.provider.filter(({ id }) => !domainsOf.has(id))) {
    drop('provider', row, { what: `provider ${row.name}`, why: 'it has no domain' })
  }
  const known = new Set(rows.provider.map(({ id }) => id))
  for (const row of rows.domain.filter(({ provider_id }) => !known.has(provider_id))) {
    drop('domain', row, { what: `domain ${row.name}`, why: 'it has no provider' })
  }
}
