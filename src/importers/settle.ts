/**
 * Imported providers → settings that pass the check: one user name a provider, every domain with one provider, every id
 * once. What the check refuses is taken out, in the check's own words.
 */
import { findFaults } from '../settings/check/check.ts'
import type { Fault, Path } from '../settings/load/finding.ts'
import { findMismatches } from '../settings/load/schema-check.ts'
import { toPattern } from '../settings/provider.ts'
import type { Settings } from '../settings/schema.ts'
import { type Draft, locate, toSettings, without, withoutItems } from './draft.ts'
import type { Dropped, Imported, ImportedProvider, Origin, Part } from './imported.ts'
import { oneUsername } from './one-username.ts'
import { createIds } from './to-id.ts'

export interface Settled {
  /** Undefined where nothing is left. */
  readonly settings: Settings | undefined
  readonly notes: readonly Note[]
  readonly dropped: readonly Dropped[]
}

/** A comment in the table. */
export interface Note {
  readonly path: Path
  readonly text: string
}

export function settle({ providers, dropped }: Imported): Settled {
  const gone: Dropped[] = [...dropped]
  const ids = createIds()
  const owners = new Map<string, ImportedProvider>()
  const drafts: Draft[] = []
  for (const provider of providers) {
    const domains = own(provider.domains, provider, { owners, gone, what: 'domain' })
    const mx = own(provider.mx ?? [], provider, { owners, gone, what: 'mx' })
    const id = ids.free(provider.id || domains[0]?.value || provider.name?.value || '')
    const draft = settleOne({ ...provider, id, domains, mx }, gone)
    if (draft === undefined) {
      gone.push({ origin: provider.origin, what: `provider ${id}`, why: 'it has no domain of its own, or no server' })
      continue
    }
    ids.take(id)
    drafts.push(draft)
  }
  return {
    settings: drafts.length === 0 ? undefined : { providers: drafts.map(toSettings) },
    notes: drafts.flatMap((draft, index) => notesOf(draft, ['providers', index])),
    dropped: inOrder(gone)
  }
}

/** Source by source, from the top to the bottom of each. */
function inOrder(dropped: readonly Dropped[]): Dropped[] {
  const bySource = Map.groupBy(dropped, ({ origin }) => origin.source)
  return [...bySource.values()].flatMap(group => group.toSorted((a, b) => compare(a.origin, b.origin)))
}

function compare(a: Origin, b: Origin): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)
}

/** Why in two turns: a user name is not taken from a server that is taken out. */
function settleOne(draft: Draft, gone: Dropped[]): Draft | undefined {
  const servers = prune(draft, gone)
  return servers && prune(oneUsername(servers, gone), gone)
}

interface Claims {
  readonly owners: Map<string, ImportedProvider>
  readonly gone: Dropped[]
  readonly what: 'domain' | 'mx'
}

/** @returns those that no provider before it has; the first wins */
function own(
  parts: readonly Part<string>[],
  provider: ImportedProvider,
  { owners, gone, what }: Claims
): Part<string>[] {
  return parts.filter(({ value, origin }) => {
    const name = `${what} ${toPattern(value) ?? value}`
    const owner = owners.get(name)
    if (owner !== undefined) gone.push({ origin, what: `${what} ${value}`, why: reasonOf(owner, provider) })
    else owners.set(name, provider)
    return owner === undefined
  })
}

function reasonOf(owner: ImportedProvider, provider: ImportedProvider): string {
  if (owner === provider) return 'it is there a second time'
  const { source, line } = owner.origin
  return `the first that has it wins, which is ${source}${line === undefined ? '' : `:${line}`}`
}

/** Takes out what is refused. @returns undefined where no domain or no server is left */
function prune(draft: Draft, gone: Dropped[]): Draft | undefined {
  let kept: Draft | undefined = draft
  while (kept !== undefined) {
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
    if (next !== undefined) {
      for (const { path, message } of refused) gone.push({ ...locate(kept, path.slice(2)), why: message })
    }
    kept = next
  }
  return undefined
}

/** @returns one fault for each list item that has any. They are removed together: a stranger's list may be long. */
function faultsOfItems(faults: readonly Fault[]): Fault[] {
  const byItem = new Map<string, Fault>()
  for (const fault of faults) {
    const [, , list, index] = fault.path
    if (typeof index === 'number') byItem.set(`${list} ${index}`, fault)
  }
  return [...byItem.values()]
}

function faultsOf(draft: Draft): Fault[] {
  const settings = { providers: [toSettings(draft)] }
  const mismatches = findMismatches(settings)
  return mismatches.length > 0 ? mismatches : findFaults(settings).filter(({ severity }) => severity === 'error')
}

function notesOf(draft: Draft, path: Path): Note[] {
  const texts = (draft.notes ?? []).map(text => ({ path, text }))
  const servers = draft.servers.flatMap(({ note }, index) =>
    note === undefined ? [] : [{ path: [...path, 'servers', index], text: note }]
  )
  return [...texts, ...servers]
}
