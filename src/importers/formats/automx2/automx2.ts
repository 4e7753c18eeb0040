/**
 * Imports the tables of automx2. There, each domain has its own servers: domains of a provider with the same servers become
 * one provider in the table.
 */
import type { Authentication, Security, ServerSettings } from '../../../settings/schema.ts'
import { oneLine } from '../../import-log.ts'
import type { Dropped, Imported, ImportedProvider, ImportedServer, Origin } from '../../imported.ts'
import { noteOfWord, toMailProtocol } from '../../mail-protocol.ts'
import type { Automx2Rows, Row, TableName } from './database.ts'
import { describeLdap } from './ldap.ts'

export function importAutomx2(all: Automx2Rows, { originOf, isShared = false }: Automx2Options): Imported {
  const rows = { ...all, provider: uniqueById(all.provider), domain: uniqueById(all.domain) }
  const dropped: Dropped[] = []
  const log: RowLog = {
    originOf,
    drop: (table, row, { what, why }) => void dropped.push({ origin: originOf(table, row), what, why })
  }
  const serversOf = isShared ? allServersOf(rows) : createServersOf(rows)
  const domainsOf = Map.groupBy(rows.domain, ({ provider_id }) => provider_id)
  const ldapServers = new Map(rows.ldapserver.map(row => [row.id, row]))
  const providers = rows.provider.flatMap(provider => {
    const domains = domainsOf.get(provider.id) ?? []
    const groups = [...Map.groupBy(domains, domain => serversOf(domain).key).values()]
    return groups.map(group => toProvider(provider, group, { serversOf, ldapServers, log }))
  })
  dropUnused(rows, domainsOf, log)
  return { providers, dropped }
}

export interface Automx2Options extends Pick<RowLog, 'originOf'> {
  /** Whether every domain has all servers, so that no links are needed. */
  readonly isShared?: boolean
}

type ServersOf = (domain: Row) => {
  /** Equal for domains with the same servers. */
  readonly key: string
  readonly servers: readonly Row[]
  readonly davServers: readonly Row[]
}

function createServersOf({ server, davserver, server_domain, davserver_domain }: Automx2Rows): ServersOf {
  const serversOf = linked(inOrder(server), server_domain, 'server_id')
  const davServersOf = linked(davserver, davserver_domain, 'davserver_id')
  return domain => {
    const servers = serversOf(domain)
    const davServers = davServersOf(domain)
    return { key: JSON.stringify([servers, davServers].map(rows => rows.map(({ id }) => id))), servers, davServers }
  }
}

function allServersOf({ server, davserver }: Automx2Rows): ServersOf {
  const all = { key: '', servers: inOrder(server), davServers: davserver }
  return () => all
}

/** Observed: automx2 2026.2 (servers_by_prio) puts the smallest number first. */
function inOrder(servers: readonly Row[]): Row[] {
  return servers.toSorted((a, b) => Number(a.prio ?? 0) - Number(b.prio ?? 0))
}

/** @returns a function that finds the rows that are linked to a domain, in the order of the rows */
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

/** @returns the origin of each row: SQLite files have no lines */
export function rowOrigins(source: string): RowLog['originOf'] {
  return (table, { id }) => ({ source: `${source} ${table} ${id}` })
}

interface Context {
  readonly serversOf: ServersOf
  readonly ldapServers: ReadonlyMap<unknown, Row>
  readonly log: RowLog
}

function toProvider(
  provider: Row,
  domains: readonly Row[],
  { serversOf, ldapServers, log }: Context
): ImportedProvider {
  const { originOf } = log
  const part = (value: unknown) => {
    const text = textOf(value)
    return text === '' ? undefined : { value: text, origin: originOf('provider', provider) }
  }
  const linked = domains.slice(0, 1).map(serversOf)
  const servers = linked.flatMap(({ servers: mail, davServers }) => [
    ...mail.map(row => toServer(row, log)),
    ...davServers.map(row => toDavServer(row, log))
  ])
  const ldap = new Set(domains.map(({ ldapserver_id }) => ldapServers.get(ldapserver_id)))
  return {
    origin: originOf('provider', provider),
    id: textOf(provider.short_name),
    name: part(provider.name),
    shortName: part(provider.short_name),
    domains: domains.map(row => ({ value: textOf(row.name), origin: originOf('domain', row) })),
    servers: servers.filter(server => server !== undefined),
    notes: [...ldap].filter(row => row !== undefined).map(describeLdap)
  }
}

/** Why: SQLite and JSON have null, which is no name. @returns an empty text if there is no value */
export function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

function dropUnused(rows: Automx2Rows, domainsOf: ReadonlyMap<unknown, readonly Row[]>, { drop }: RowLog): void {
  for (const row of rows.ldapserver) {
    drop('ldapserver', row, {
      what: `LDAP server ${row.name}`,
      why: 'users looks up login names (see the comment in the table)'
    })
  }
  for (const row of rows.provider.filter(({ id }) => !domainsOf.has(id))) {
    drop('provider', row, { what: `provider ${row.name}`, why: 'it has no domain' })
  }
  const known = new Set(rows.provider.map(({ id }) => id))
  for (const row of rows.domain.filter(({ provider_id }) => !known.has(provider_id))) {
    drop('domain', row, { what: `domain ${row.name}`, why: 'it has no provider' })
  }
}

/** The log of an importer of rows. */
export interface RowLog {
  readonly originOf: (table: TableName, row: Row) => Origin
  readonly drop: (table: TableName, row: Row, dropped: Pick<Dropped, 'what' | 'why'>) => void
}

function toServer(row: Row, { originOf, drop }: RowLog): ImportedServer | undefined {
  // Why: automx2 itself has the word pop.
  const word = textOf(row.type).replace(/^pop$/i, 'pop3')
  const mail = toMailProtocol(word)
  const security = securities.get(textOf(row.socket_type).toUpperCase())
  const authentication = methods.get(textOf(row.authentication).toLowerCase())
  const what = [row.type, row.name].map(textOf).filter(Boolean).join(' ') || 'server'
  if (mail === undefined) drop('server', row, { what, why: 'expected type imap, pop or smtp' })
  if (security === undefined) {
    drop('server', row, {
      what: `${what} ${textOf(row.socket_type)}`.trimEnd(),
      why: 'expected socket_type SSL, STARTTLS or plain'
    })
  }
  if (authentication === undefined) {
    drop('server', row, {
      what: `${what} ${textOf(row.authentication)}`.trimEnd(),
      why: 'the table has no such method'
    })
  }
  const port = portProblem(row)
  if (port !== undefined) drop('server', row, { what, why: port })
  if (mail === undefined || security === undefined || authentication === undefined || port !== undefined)
    return undefined
  if (mail.security !== undefined && mail.security !== security) {
    drop('server', row, { what: `${what} ${row.socket_type}`, why: 'its type contradicts its socket_type' })
    return undefined
  }
  const value: ServerSettings = {
    protocol: mail.protocol,
    host: textOf(row.name),
    ...(hasPort(row) && { port: Number(row.port) }),
    security,
    authentication: [authentication],
    ...(security === 'none' && { allowPlaintext: true })
  }
  const plaintext = security === 'none' ? 'No encryption: passwords are sent in clear text.' : undefined
  const notes = [noteOfWord(word, mail), plaintext].filter(text => text !== undefined).join(' ')
  return {
    value,
    origin: originOf('server', row),
    note: notes || undefined,
    username: textOf(row.user_name) || undefined
  }
}

/** Why: SQLite and seed files also hold texts in place of numbers. @returns undefined also if there is no port */
function portProblem(row: Row): string | undefined {
  const { port } = row
  const isWrong = hasPort(row) && (!['number', 'string'].includes(typeof port) || Number.isNaN(Number(port)))
  return isWrong ? `its port ${oneLine(JSON.stringify(port)).slice(0, mostShown)} is not a number` : undefined
}

/** Characters of a value in a message. */
const mostShown = 100

function hasPort({ port }: Row): boolean {
  return port !== undefined && port !== null
}

const securities = new Map(Object.entries<Security>({ SSL: 'tls', STARTTLS: 'starttls', PLAIN: 'none' }))

const methods = new Map(
  Object.entries<Authentication>({
    plain: 'password',
    'password-cleartext': 'password',
    'password-encrypted': 'encrypted-password',
    oauth2: 'oauth2',
    gssapi: 'gssapi',
    ntlm: 'ntlm',
    'tls-client-cert': 'client-certificate',
    none: 'none'
  })
)

function toDavServer(row: Row, { originOf, drop }: RowLog): ImportedServer | undefined {
  const type = String(row.type).toLowerCase()
  if (!row.url) {
    drop('davserver', row, { what: type, why: 'it has no url' })
    return undefined
  }
  const what = `${row.type} ${row.url}`
  const protocol = type === 'caldav' || type === 'carddav' ? type : undefined
  if (protocol === undefined) drop('davserver', row, { what, why: 'expected type caldav or carddav' })
  const port = portProblem(row)
  if (port !== undefined) drop('davserver', row, { what, why: port })
  if (row.use_ssl !== 1) drop('davserver', row, { what, why: 'it does not use TLS, and the table supports only https' })
  if (protocol === undefined || row.use_ssl !== 1 || port !== undefined) return undefined
  const username = row.user_name === null ? undefined : String(row.user_name)
  return { value: { protocol, url: urlOf(row) }, origin: originOf('davserver', row), username }
}

/** Observed: in automx2 2026.2 (_dav_payload), a port above 0 replaces the one in the URL. */
function urlOf({ url, port }: Row): string {
  const text = String(url)
  if (Number(port) < 1 || !URL.canParse(text)) return text
  const moved = new URL(text)
  moved.port = String(port)
  return moved.href
}
