/**
 * Turns imported providers into settings that pass the check: each domain in one provider, each id once, and login names of
 * servers only where they differ. Whatever the check refuses is removed, with the message of the check.
 */
import { findFaults } from '../settings/check/check.ts'
import { type Fault, found, type Path, withoutUserinfo } from '../settings/load/finding.ts'
import { findMismatches } from '../settings/load/schema-check.ts'
import { noLoginName } from '../settings/names/login-name.ts'
import { toPattern } from '../settings/provider.ts'
import type { ServerSettings, Settings } from '../settings/schema.ts'
import { type Draft, locate, providerSettings, without, withoutItems } from './draft.ts'
import type { Dropped, Imported, ImportedProvider, ImportedServer, Origin, Part } from './imported.ts'
import { mergeProviders } from './merge-providers.ts'
import { createIds } from './provider-id.ts'
import { usableServers } from './unusual-servers.ts'

export interface ImportedSettings {
  /** Undefined if nothing is left. */
  readonly settings: Settings | undefined
  readonly notes: readonly Note[]
  readonly dropped: readonly Dropped[]
}

/** A comment in the table. */
export interface Note {
  readonly path: Path
  readonly text: string
}

/** @returns settings without problems; `dropped` lists what was removed, source by source and in order of position */
export function toSettings(imported: Imported): ImportedSettings {
  const { providers, dropped: unsupported } = mergeProviders(imported)
  const dropped: Dropped[] = [...unsupported]
  const ids = createIds()
  const owners = new Map<string, ImportedProvider>()
  const drafts: Draft[] = []
  for (const provider of providers) {
    const domains = claim(provider.domains, provider, { owners, dropped, kind: 'domain' })
    const mx = claim(provider.mx ?? [], provider, { owners, dropped, kind: 'mx' })
    const id = ids.free(provider.id || nameFor(provider, domains))
    const draft = toValidDraft({ ...provider, id, domains, mx, servers: usableServers(provider.servers) }, dropped)
    if (draft === undefined) {
      dropped.push({ origin: provider.origin, what: `provider ${id}`, why: whyUnusable(provider, domains) })
      continue
    }
    ids.take(id)
    drafts.push(draft)
  }
  return {
    settings: drafts.length === 0 ? undefined : { providers: drafts.map(providerSettings) },
    notes: drafts.flatMap((draft, index) => notesOf(draft, ['providers', index])),
    dropped: inOrder(dropped)
  }
}

/** @returns a name to make an id of. Why not "*": every provider could have it. */
function nameFor({ name, servers }: ImportedProvider, domains: readonly Part<string>[]): string {
  const domain = domains.find(({ value }) => value !== '*')?.value
  const host = servers.map(({ value }) => value.host ?? '').find(each => each !== '' && !each.includes('%'))
  return domain ?? name?.value ?? host?.replace(/^[^.]+\./, '') ?? ''
}

function whyUnusable({ domains, servers }: ImportedProvider, own: readonly Part<string>[]): string {
  if (servers.length === 0) return 'it has no server'
  if (domains.length === 0) return 'it has no domain; --domain sets one'
  if (domains.every(({ value }) => toPattern(value) === undefined)) return 'it has no valid domain; --domain sets one'
  return own.length === 0 ? 'all its domains belong to other providers' : 'it has no valid domain, or no valid server'
}

function inOrder(dropped: readonly Dropped[]): Dropped[] {
  const bySource = Map.groupBy(dropped, ({ origin }) => origin.source)
  return [...bySource.values()].flatMap(group => group.toSorted((a, b) => compare(a.origin, b.origin)))
}

function compare(a: Origin, b: Origin): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

interface Claims {
  readonly owners: Map<string, ImportedProvider>
  readonly dropped: Dropped[]
  readonly kind: 'domain' | 'mx'
}

/** @returns the names that no earlier provider has; the first provider with a name keeps it */
function claim(
  names: readonly Part<string>[],
  provider: ImportedProvider,
  { owners, dropped, kind }: Claims
): Part<string>[] {
  return names.filter(({ value, origin }) => {
    const name = `${kind} ${toPattern(value) ?? value}`
    const owner = owners.get(name)
    if (owner === undefined) owners.set(name, provider)
    else dropped.push({ origin, what: `${kind} ${value}`, why: reasonOf(owner, provider) })
    return owner === undefined
  })
}

function reasonOf(owner: ImportedProvider, provider: ImportedProvider): string {
  if (owner === provider) return 'it occurs twice'
  const { source, line } = owner.origin
  return `it belongs to the first provider that has it, which is ${source}${line === undefined ? '' : `:${line}`}`
}

/** Why twice: the user name must not come from a server that is removed. */
function toValidDraft(draft: Draft, dropped: Dropped[]): Draft | undefined {
  const servers = removeInvalid(draft, dropped)
  return servers && removeInvalid(withUsernames(servers, dropped), dropped)
}

/** @returns the draft without what the check refuses; undefined if no domain or no server is left */
function removeInvalid(draft: Draft, dropped: Dropped[]): Draft | undefined {
  for (let kept: Draft = draft; ; ) {
    const faults: Fault[] = faultsOf(kept)
    const [first] = faults
    if (first === undefined) return kept
    const ofItems = faultsOfItems(faults)
    const refused = ofItems.length > 0 ? ofItems : [first]
    const next: Draft | undefined =
      ofItems.length > 0
        ? withoutItems(
            kept,
            ofItems.map(({ path }) => path.slice(2))
          )
        : without(kept, first.path.slice(2))
    if (next === undefined) return undefined
    const comments: string[] = []
    for (const { path, message } of refused) {
      dropped.push({ ...locate(kept, path.slice(2)), why: message })
      const server = path[2] === 'servers' ? kept.servers[Number(path[3])] : undefined
      // Why not others: without a host or a URL, there is nothing to correct.
      if (server?.value.host || server?.value.url) comments.push(describeRefused(server, message))
    }
    kept = { ...next, refused: [...(next.refused ?? []), ...comments] }
  }
}

/** @returns one fault for each invalid list item. Why together: a list from a foreign source may be long. */
function faultsOfItems(faults: readonly Fault[]): Fault[] {
  const byItem = new Map<string, Fault>()
  for (const fault of faults) {
    const [, , list, index] = fault.path
    if (typeof index === 'number') byItem.set(`${list} ${index}`, fault)
  }
  const all = [...byItem.values()]
  // Why first: a server is not repeated if the other one is removed because of its port.
  const ofFields = all.filter(({ path }) => path[2] !== 'servers' || path.length > 4)
  return ofFields.length > 0 ? ofFields : all
}

function faultsOf(draft: Draft): Fault[] {
  const settings = { providers: [providerSettings(draft)] }
  const mismatches = findMismatches(settings)
  return mismatches.length > 0 ? mismatches : findFaults(settings).filter(({ severity }) => severity === 'error')
}

/**
 * The provider gets the login name of its first server that has one, and servers with a different one their own. An invalid
 * name of a single server is dropped with a note, because the server itself can still be used.
 */
function withUsernames(draft: Draft, dropped: Dropped[]): Draft {
  const rules = draft.servers.map(({ username }) => (username === undefined ? undefined : toRule(username)))
  const at = rules.findIndex(rule => rule !== undefined && rule !== noLoginName)
  const first = draft.servers[at]
  const rule = rules[at]
  if (first === undefined || rule === undefined) return draft
  // Why one domain: each name is checked, and a source may have thousands of names and of domains.
  const short = { ...draft, domains: draft.domains.slice(0, 1), mx: [], documentation: [] }
  const servers = draft.servers.map((server, index) => {
    const own = rules[index]
    if (own === undefined || own === rule) return server
    const withOwn = { ...server, value: { ...server.value, username: own } }
    const [fault] = faultsOf({ ...short, servers: [withOwn] })
    if (fault === undefined) return withOwn
    dropped.push({ origin: server.origin, what: `username ${found(server.username)}`, why: fault.message })
    const note = `The source has the user name ${found(server.username)} here.`
    return { ...server, note: server.note === undefined ? note : `${server.note} ${note}` }
  })
  return { ...draft, username: { value: rule, origin: first.origin }, servers }
}

/**
 * In a foreign source, a percent sign that begins no placeholder stands for itself. What looks like a placeholder is kept, so that
 * the check names it as the source has it.
 */
function toRule(username: string): string {
  return username.replace(/%[A-Za-z][A-Za-z_-]*%|%(?![A-Za-z])/g, sign => (sign === '%' ? '%%' : sign))
}

function notesOf(draft: Draft, path: Path): Note[] {
  const texts = [...(draft.notes ?? []), ...guessesOf(draft)].map(text => ({ path, text }))
  const servers = draft.servers.flatMap(({ note }, index) =>
    note === undefined ? [] : [{ path: [...path, 'servers', index], text: note }]
  )
  const refused = (draft.refused ?? []).map(text => ({ path: [...path, 'servers'], text }))
  const oauth = draft.oauth?.note === undefined ? [] : [{ path: [...path, 'oauth'], text: draft.oauth.note }]
  return [...texts, ...refused, ...servers, ...oauth]
}

/** @returns comments about values that the source does not have */
function guessesOf({ name, domains, domainGuess }: Draft): string[] {
  const isForAll = domains.some(({ value }) => value === '*')
  return [
    ...(domainGuess === undefined ? [] : [domainGuess]),
    ...(name === undefined ? ['The name is a guess: the source has no name of a provider.'] : []),
    ...(isForAll ? ['The source is for any domain. List your domains instead of "*", or import with --domain.'] : [])
  ]
}

/** @returns a server that the check refuses as a comment, so that people can correct it */
function describeRefused({ value }: ImportedServer, why: string): string {
  const fields = Object.entries(value satisfies ServerSettings)
    .map(([key, each]) => [key, withoutUserinfo(String(each))])
    .filter(([, text]) => text !== '')
    .map(([key, text]) => `${key}: ${text}`)
  return `Not imported: { ${fields.join(', ')} }: ${why}`
}
