/**
 * What a directory says about one domain.
 */
import { LRUCache } from 'lru-cache'
import { type RowReader, toText } from '../directories/row-reader.ts'
import { type Overrides, overrideNames } from '../settings/overrides.ts'
import { toDomain } from '../settings/question/domain.ts'

export interface DirectoryEntry {
  /** Id of a provider of the table; undefined: the only one. */
  readonly provider: string | undefined
  /** Settings of the customer that replace those of the table; undefined if there are none. */
  readonly overrides: Overrides | undefined
  /** The same for all entries with the same content. */
  readonly key: string
  /** Why the rows of the domain cannot be used. */
  readonly problem?: string
}

export const entryReading: RowReader<DirectoryEntry> = {
  block: 'directory',
  parameter: ':domain',
  key: 'domain',
  columns: ['domain', 'provider', ...overrideNames],
  // Why addresses are read as well: in LDAP the domain may be stored in addresses only.
  toName: text => toDomain(text.slice(text.lastIndexOf('@') + 1)),
  toAnswer({ provider, ...overrides }) {
    if (Object.keys(overrides).length === 0) return { provider, overrides: undefined, key: provider ?? '' }
    return { provider, overrides, key: JSON.stringify([provider, overrides]) }
  },
  toProblem: problem => ({ provider: undefined, overrides: undefined, key: JSON.stringify({ problem }), problem })
}

/** Reads the rows of `directory.list`: the domains as they are stored. */
export const listReading: RowReader<DirectoryEntry | readonly string[]> = {
  ...entryReading,
  fromRows: rows =>
    rows.map(row => toText(Object.entries(row).find(([column]) => column.toLowerCase() === entryReading.key)?.[1]))
}

/** Number of different entries that are shared. Domains with rarer ones may keep more than one copy. */
const mostShared = 1000

/**
 * Returns one object for all entries with the same content. Why: of a million domains most have the same content as many
 * others, and an entry takes as much memory as the name under which it is cached.
 */
export function createEntrySharing(): (entry: DirectoryEntry) => DirectoryEntry {
  const shared = new LRUCache<string, DirectoryEntry>({ max: mostShared })
  return entry => {
    const known = shared.get(entry.key)
    if (known !== undefined) return known
    shared.set(entry.key, entry)
    return entry
  }
}
