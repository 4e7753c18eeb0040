/**
 * The providers that entries of a directory mean, made once for all entries that say the same.
 */
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'
import type { Entry } from './entry.ts'
import { meantProvider } from './meant-provider.ts'

export interface Variants {
  /** @returns undefined where the entry means no provider of the table, or says what the table could not */
  providerOf(table: Table, entry: Entry): Provider | undefined
}

/**
 * How many are kept. Why bounded, and by less than entries are: a provider has its documents, which are a hundred times
 * as large as an entry.
 */
const mostKept = 1000

interface Made {
  readonly provider: Provider | undefined
}

/** @param logger is told once what is wrong with entries that say the same */
export function createVariants(logger: Logger): Variants {
  const made = new LRUCache<string, Made>({ max: mostKept })
  let current: Table | undefined

  function make(table: Table, entry: Entry): Provider | undefined {
    const meant = meantProvider(table, entry)
    if ('provider' in meant) return meant.provider
    logger.warn({ problem: meant.problem }, 'the directory says what cannot be: such domains are not served')
    return undefined
  }

  return {
    providerOf(table, entry) {
      // Why: a table that was read again has new providers.
      if (table !== current) made.clear()
      current = table
      const known = made.get(entry.key)
      if (known !== undefined) return known.provider
      const provider = make(table, entry)
      made.set(entry.key, { provider })
      return provider
    }
  }
}
