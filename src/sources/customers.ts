/**
 * Customers' domains: a directory, what is kept of its answers, and the table with both.
 */
import { dirname } from 'node:path'
import type { Logger } from 'pino'
import { toCache } from '../settings/cache.ts'
import type { Settings } from '../settings/schema.ts'
import { type Cached, createCached } from './cached.ts'
import { createDirectorySource } from './directory-source.ts'
import type { Entry } from './entry.ts'
import { openDirectory } from './open-directory.ts'
import type { Source } from './source.ts'
import { type WatchedDirectory, watchDirectory } from './watched-directory.ts'

export interface Customers {
  readonly source: Source
  readonly directory: WatchedDirectory
  readonly cache: Cached<Entry>
}

export interface CustomersOptions {
  /** Of the settings: names in it are relative to its folder. */
  readonly file: string
  readonly logger: Logger
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * @param source the table; its directory is read once
 * @returns undefined where the table has no directory
 * @throws AC_SETTINGS_INVALID
 */
export async function openCustomers(
  source: Pick<Source, 'table'>,
  { file, logger, env = process.env }: CustomersOptions
): Promise<Customers | undefined> {
  const { directory: settings, cache: cacheSettings }: Settings = source.table.settings
  if (settings === undefined) return undefined
  const { timeoutMilliseconds = 2000 } = settings
  const opened = await openDirectory(settings, { folder: dirname(file), env })
  const directory = watchDirectory(opened, { logger, timeoutMilliseconds })
  const cache = createCached<Entry>(directory.find, { settings: toCache(cacheSettings) })
  directory.watch?.(cache.invalidate)
  return { source: createDirectorySource(source, { directory: cache, logger }), directory, cache }
}
