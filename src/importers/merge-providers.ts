/**
 * Merges providers of the same domains from several documents, such as an autoconfig file and an Apple profile.
 */
import { defaultPort, defaultSecurity, isSocket, toPattern } from '../settings/provider.ts'
import type { ServerSettings } from '../settings/schema.ts'
import { type Dropped, describeOrigin, type Imported, type ImportedProvider, type ImportedServer } from './imported.ts'

/** @returns the documents, in which a provider whose domains all belong to a provider of another document is merged into it */
export function mergeProviders({ providers, dropped }: Imported): Imported {
  const merged: ImportedProvider[] = []
  const owners = new Map<string, number>()
  const notMerged: Dropped[] = []
  for (const provider of providers) {
    const at = soleOwner(provider, owners)
    const owner = at === undefined ? undefined : merged[at]
    if (at !== undefined && owner !== undefined && owner.origin.source !== provider.origin.source) {
      merged[at] = addTo(owner, provider, notMerged)
      continue
    }
    for (const { value } of provider.domains) {
      const domain = toPattern(value) ?? value
      if (!owners.has(domain)) owners.set(domain, merged.length)
    }
    merged.push(provider)
  }
  return { providers: merged, dropped: [...dropped, ...notMerged] }
}

/**
 * @returns the index of the provider that has all domains; undefined if there is none
 *
 * Why "*" does not count: two providers for any domain need not be the same.
 */
function soleOwner({ domains }: ImportedProvider, owners: ReadonlyMap<string, number>): number | undefined {
  const found = new Set(domains.map(({ value }) => owners.get(toPattern(value) ?? value)))
  const [owner] = found
  return found.size === 1 && !domains.some(({ value }) => value === '*') ? owner : undefined
}

const singles = ['name', 'shortName', 'webmail', 'oauth', 'autodiscover'] as const

function addTo(owner: ImportedProvider, other: ImportedProvider, dropped: Dropped[]): ImportedProvider {
  const from = `From ${describeOrigin(other.origin)}.`
  const servers = [...owner.servers]
  // Why maps: both documents may have thousands of servers.
  const places = firstIndexes(owner.servers, ({ value }) => placeOf(value))
  const protocols = firstIndexes(owner.servers, ({ value }) => value.protocol)
  for (const server of other.servers) {
    const { value, note } = server
    const at = places.get(placeOf(value))
    const rival = owner.servers[at ?? protocols.get(value.protocol) ?? -1]
    if (rival === undefined) servers.push({ ...server, note: note === undefined ? from : `${from} ${note}` })
    else if (at === undefined) dropped.push(differing(server, rival))
    else servers[at] = completed(rival, server, dropped)
  }
  for (const key of singles) {
    const [kept, lost] = [owner[key], other[key]]
    if (kept === undefined || lost === undefined || JSON.stringify(kept.value) === JSON.stringify(lost.value)) continue
    dropped.push({ origin: lost.origin, what: key, why: `there is one already, from ${describeOrigin(kept.origin)}` })
  }
  return {
    ...other,
    ...withoutGaps(owner),
    mx: [...(owner.mx ?? []), ...(other.mx ?? [])],
    servers,
    documentation: [...(owner.documentation ?? []), ...(other.documentation ?? [])],
    include: [...new Set([...(owner.include ?? []), ...(other.include ?? [])])],
    notes: [...new Set([...(owner.notes ?? []), ...(other.notes ?? [])])]
  }
}

function differing({ origin, value: { protocol, host, url } }: ImportedServer, rival: ImportedServer): Dropped {
  const why = `there is another ${protocol} server already, from ${describeOrigin(rival.origin)}`
  return { origin, what: `${protocol} ${host ?? url}`, why }
}

/** @returns the server with what only the other document says about it */
function completed(server: ImportedServer, other: ImportedServer, dropped: Dropped[]): ImportedServer {
  const { origin } = other
  const why = `the server has others already, from ${describeOrigin(server.origin)}`
  const known = server.value.authentication ?? ['password']
  const methods = (other.value.authentication ?? ['password']).filter(method => !known.includes(method))
  if (methods.length > 0) dropped.push({ origin, what: `authentication ${methods.join()}`, why })
  const isOtherName = server.username !== undefined && ![undefined, server.username].includes(other.username)
  if (isOtherName) dropped.push({ origin, what: `username ${other.username}`, why })
  const pathPrefix = server.value.pathPrefix ?? other.value.pathPrefix
  return {
    ...server,
    value: { ...server.value, ...(pathPrefix !== undefined && { pathPrefix }) },
    username: server.username ?? other.username
  }
}

/** @returns the index of the first server with each key */
function firstIndexes(
  servers: readonly ImportedServer[],
  keyOf: (server: ImportedServer) => string
): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>()
  for (const [index, server] of servers.entries()) {
    const key = keyOf(server)
    if (!indexes.has(key)) indexes.set(key, index)
  }
  return indexes
}

/** @returns a key that is the same for equal servers, regardless of authentication */
function placeOf({ protocol, host, port, security, url }: ServerSettings): string {
  if (!isSocket(protocol)) return `${protocol} ${url}`
  const mode = security ?? defaultSecurity(protocol)
  return `${protocol} ${host?.toLowerCase()} ${port ?? defaultPort(protocol, mode)} ${mode}`
}

/** @returns the provider without properties that are undefined, so that spreading it keeps those of another */
function withoutGaps(provider: ImportedProvider): ImportedProvider {
  return Object.fromEntries(
    Object.entries(provider).filter(([, value]) => value !== undefined)
  ) as unknown as ImportedProvider
}
