/**
 * Customers' domains: a directory, what is kept of its answers, and the table with both.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { gatherChanges } from '../directories/gather-changes.ts'
import { openDirectory } from '../directories/open-directory.ts'
import { type WatchedDirectory, watchDirectory } from '../directories/watched-directory.ts'
import type { DirectorySettings } from '../settings/check/directory.ts'
import { toCache } from '../settings/lookup-defaults.ts'
import type { Source } from '../sources/source.ts'
import { type Cached, createCached } from './cached.ts'
import { createDirectorySource } from './directory-source.ts'
import { type Entry, entryReading } from './entry.ts'
import { createSharedEntries } from './shared-entries.ts'

export interface Customers {
  readonly source: Source
  readonly directory: WatchedDirectory<Entry>
  readonly cache: Cached<Entry>
}

export interface CustomersOptions {
  /** Of the settings: names in it are relative to its folder. */
  readonly file: string
  readonly logger: Logger
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * @param source the table, of whose domains nobody is asked
 * @param settings of the directory
 * @returns at once, whether the directory is there or not
 * @throws AC_SETTINGS_INVALID
 */
export async function openCustomers(
  source: Pick<Source, 'table'>,
  settings: DirectorySettings,
  { file, logger, env = process.env }: CustomersOptions
): Promise<Customers> {
  const { timeoutMilliseconds = 2000 } = settings
  const opened = await openDirectory(settings, entryReading, { folder: dirname(file), env, logger })
  const directory = watchDirectory(opened, { block: 'directory', logger, timeoutMilliseconds })
  const shared = createSharedEntries()
  const find = async (domain: string) => {
    const entry = await directory.find(domain)
    return entry && shared(entry)
  }
  const cache = createCached<Entry>(find, { settings: toCache(source.table.settings.cache) })
  directory.watch?.(gatherChanges(cache.invalidate))
  return { source: createDirectorySource(source, { directory: cache, logger }), directory, cache }
}
