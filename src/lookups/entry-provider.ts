/**
 * The provider that an entry of a directory stands for: one of the table, or one of them with settings of the customer's
 * own.
 */
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { found } from '../settings/load/finding.ts'
import { type Provider, toProvider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'
import { toVariant } from '../settings/variant.ts'
import type { DirectoryEntry } from './directory-entry.ts'

export interface EntryProvider {
  readonly provider: Provider
  /** What is wrong with values of the entry that are not used. */
  readonly ignored: readonly string[]
}

/** @returns the provider, or why the domain of the entry cannot be served */
export function toEntryProvider(
  { providers, settings }: Table,
  { provider: id, overrides, problem }: DirectoryEntry
): EntryProvider | { readonly problem: string } {
  if (problem !== undefined) return { problem }
  const only = providers.length === 1 ? 0 : -1
  const at = id === undefined ? only : providers.findIndex(each => each.id === id)
  const provider = providers[at]
  const written = settings.providers[at]
  if (provider === undefined || written === undefined) {
    const ids = providers.map(each => each.id).join(', ')
    return { problem: `found ${id === undefined ? 'no' : found(id)} as provider, expected one of ${ids}` }
  }
  if (overrides === undefined) return { provider, ignored: [] }
  const variant = toVariant(written, overrides)
  if ('problem' in variant) return variant
  const { logo } = variant.settings.brand
  const { looksUpUsers, lookedUpColumns, publicUrl } = provider
  const kept = logo === undefined ? undefined : provider.brand.logo
  const options = { logo: kept, looksUpUsers, lookedUpColumns, publicUrl }
  return { provider: toProvider(variant.settings, options), ignored: variant.ignored }
}

/**
 * Number of providers that are kept. Why fewer than entries: a provider keeps its documents, which are a hundred times as
 * large as an entry.
 */
const mostKept = 1000

/** How many domains with the same invalid entry are logged. Why limited: it may be the same mistake in all of a million rows. */
const mostLogged = 10

interface Kept {
  readonly provider: Provider | undefined
  readonly problems: readonly string[]
  /** The domains whose problems are in the log. */
  readonly logged: Set<string>
}

export type EntryProviders = (table: Table, entry: DirectoryEntry, domain: string) => Provider | undefined

/**
 * Entries with the same content share one provider, which is made once.
 * @param logger gets a warning for each of the first domains with an invalid entry
 * @returns finds the provider of an entry; undefined if it names no provider of the table or has invalid overrides
 */
export function createEntryProviders(logger: Logger): EntryProviders {
  const kept = new LRUCache<string, Kept>({ max: mostKept })
  let current: Table | undefined

  return (table, entry, domain) => {
    // Why: a reloaded table has new providers.
    if (table !== current) kept.clear()
    current = table
    const known = kept.get(entry.key) ?? make(table, entry)
    kept.set(entry.key, known)
    if (known.problems.length > 0) warn(known, domain)
    return known.provider
  }

  function warn({ provider, problems, logged }: Kept, domain: string): void {
    if (logged.size >= mostLogged || logged.has(domain)) return
    logged.add(domain)
    const result = provider === undefined ? 'the domain is not served' : 'the value of the provider is used'
    for (const problem of problems) logger.warn({ domain, problem }, `invalid data in the directory: ${result}`)
  }
}

function make(table: Table, entry: DirectoryEntry): Kept {
  const made = toEntryProvider(table, entry)
  const logged = new Set<string>()
  if ('problem' in made) return { provider: undefined, problems: [made.problem], logged }
  return { provider: made.provider, problems: made.ignored, logged }
}
