/**
 * Which provider an entry of a directory means: one of the table, or one of them with something of the customer's own.
 */
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { type Provider, toProvider } from '../settings/provider.ts'
import type { ProviderSettings } from '../settings/schema.ts'
import type { Table } from '../settings/table.ts'
import { toVariant } from '../settings/variant.ts'
import type { Entry } from './entry.ts'

export interface Variants {
  /** @returns undefined where the entry names no provider of the table, or says what the table could not */
  providerOf(table: Table, entry: Entry): Provider | undefined
}

/**
 * How many are kept. Why bounded, and by less than entries are: a provider has its documents, which are a hundred times
 * as large as an entry. Entries that say the same share one.
 */
const mostKept = 1000

interface Own {
  readonly provider: Provider
  readonly settings: ProviderSettings
}

interface Made {
  readonly provider: Provider | undefined
}

/** @param logger is told once what is wrong with an entry */
export function createVariants(logger: Logger): Variants {
  const made = new LRUCache<string, Made>({ max: mostKept })
  let current: Table | undefined
  let own = new Map<string, Own>()

  /** Why: a table that was read again has new providers. */
  function follow(table: Table): void {
    if (table === current) return
    current = table
    own = ownOf(table)
    made.clear()
  }

  function make({ provider: id, overrides = {} }: Entry): Provider | undefined {
    const base = own.get(id ?? '')
    if (base === undefined) {
      const named = id === undefined ? 'no provider, but the table has several' : 'a provider that the table has not'
      logger.warn({ provider: id }, `the directory names ${named}: its domains are not served`)
      return undefined
    }
    const variant = toVariant(base.settings, overrides)
    if ('settings' in variant) return toProvider(variant.settings, logoOf(variant.settings, base))
    logger.warn(
      { provider: id, problem: variant.problem },
      'the directory says what cannot be: its domain is not served'
    )
    return undefined
  }

  return {
    providerOf(table, entry) {
      follow(table)
      if (entry.overrides === undefined) {
        const plain = own.get(entry.key)
        if (plain !== undefined) return plain.provider
      }
      const known = made.get(entry.key)
      if (known !== undefined) return known.provider
      const provider = make(entry)
      made.set(entry.key, { provider })
      return provider
    }
  }
}

function logoOf({ brand }: ProviderSettings, { provider }: Own): string | undefined {
  return brand?.logo === undefined ? undefined : provider.brand.logo
}

/** @returns providers by id; the only one by no name too */
function ownOf({ providers, settings }: Table): Map<string, Own> {
  const all = providers.flatMap((provider, at) =>
    settings.providers.slice(at, at + 1).map(written => ({ provider, settings: written }))
  )
  const unnamed = all.length === 1 ? all : []
  return new Map([...all.map(each => [each.provider.id, each] as const), ...unnamed.map(each => ['', each] as const)])
}
