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

/** @returns the provider, or why the domain of the entry cannot be served */
export function toEntryProvider(
  { providers, settings }: Table,
  { provider: id, overrides, problem }: DirectoryEntry
): { readonly provider: Provider } | { readonly problem: string } {
  if (problem !== undefined) return { problem }
  const only = providers.length === 1 ? 0 : -1
  const at = id === undefined ? only : providers.findIndex(each => each.id === id)
  const provider = providers[at]
  const written = settings.providers[at]
  if (provider === undefined || written === undefined) {
    const ids = providers.map(each => each.id).join(', ')
    return { problem: `found ${id === undefined ? 'no' : found(id)} as provider, expected one of ${ids}` }
  }
  if (overrides === undefined) return { provider }
  const variant = toVariant(written, overrides)
  if ('problem' in variant) return variant
  const { logo } = variant.settings.brand
  const { looksUpUsers, lookedUpColumns } = provider
  const options = { logo: logo === undefined ? undefined : provider.brand.logo, looksUpUsers, lookedUpColumns }
  return { provider: toProvider(variant.settings, options) }
}

/**
 * Number of providers that are kept. Why fewer than entries: a provider keeps its documents, which are a hundred times as
 * large as an entry.
 */
const mostKept = 1000

interface Kept {
  readonly provider: Provider | undefined
}

/**
 * Entries with the same content share one provider, which is made once.
 * @param logger gets one warning for all entries with the same problem
 * @returns finds the provider of an entry; undefined if it names no provider of the table or has invalid overrides
 */
export function createEntryProviders(logger: Logger): (table: Table, entry: DirectoryEntry) => Provider | undefined {
  const kept = new LRUCache<string, Kept>({ max: mostKept })
  let current: Table | undefined

  function make(table: Table, entry: DirectoryEntry): Provider | undefined {
    const made = toEntryProvider(table, entry)
    if ('provider' in made) return made.provider
    logger.warn({ problem: made.problem }, 'invalid data in the directory: such domains are not served')
    return undefined
  }

  return (table, entry) => {
    // Why: a reloaded table has new providers.
    if (table !== current) kept.clear()
    current = table
    const known = kept.get(entry.key)
    if (known !== undefined) return known.provider
    const provider = make(table, entry)
    kept.set(entry.key, { provider })
    return provider
  }
}
