/**
 * Finds the provider of a domain that a directory lists: customers' domains in a database or in LDAP.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { gatherChanges } from '../directories/gather-changes.ts'
import { openDirectory } from '../directories/open-directory.ts'
import { type WatchedDirectory, watchDirectory } from '../directories/watched-directory.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { toCache } from '../settings/lookup-defaults.ts'
import { type DomainLookup, follow } from '../settings/question/resolution-order.ts'
import { partOfTable } from '../sources/per-table.ts'
import type { TableSource } from '../sources/source.ts'
import { createEntrySharing, type DirectoryEntry, entryReading } from './directory-entry.ts'
import { createEntryProviders } from './entry-provider.ts'
import { createLookupCache, type LookupCache } from './lookup-cache.ts'

export interface DirectoryLookup {
  /** Rejects with AC_UNAVAILABLE if the directory is unreachable and nothing about the domain is cached. */
  readonly lookUp: DomainLookup
  readonly directory: WatchedDirectory<DirectoryEntry>
  readonly cache: LookupCache<DirectoryEntry>
}

export interface LookupOptions {
  /** The settings file: file names in the settings are relative to its folder. */
  readonly file: string
  readonly logger: Logger
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * @param tables names the providers; and has the cache settings
 * @param settings the table's `directory`
 * @returns at once, whether or not the directory is reachable
 * @throws AC_SETTINGS_INVALID
 */
export async function openDirectoryLookup(
  tables: TableSource,
  settings: DirectorySettings,
  { file, logger, env = process.env }: LookupOptions
): Promise<DirectoryLookup> {
  const { timeoutMilliseconds = 2000 } = settings
  const opened = await openDirectory(settings, entryReading, { folder: dirname(file), env, logger })
  const directory = watchDirectory(opened, { block: 'directory', logger, timeoutMs: timeoutMilliseconds })
  const share = createEntrySharing()
  const load = async (domain: string) => {
    const entry = await directory.find(domain)
    return entry && share(entry)
  }
  const cache = createLookupCache<DirectoryEntry>(load, {
    settingsOf: partOfTable(tables, ({ settings: { cache } }) => toCache(cache))
  })
  directory.watch?.(gatherChanges(cache.invalidate))
  return { lookUp: createDirectoryLookup(tables, { cache, logger }), directory, cache }
}

export interface DirectoryLookupOptions {
  readonly cache: Pick<LookupCache<DirectoryEntry>, 'find'>
  readonly logger: Logger
}

export function createDirectoryLookup(tables: TableSource, { cache, logger }: DirectoryLookupOptions): DomainLookup {
  const providerOf = createEntryProviders(logger)
  return (domain, client) =>
    follow(cache.find(domain, client), entry => entry && providerOf(tables.table, entry, domain))
}
