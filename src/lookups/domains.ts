/**
 * Every lookup that the settings ask for, and the source that combines them with the table: the domains of a directory, domains
 * that are found by MX records, and login names.
 */
import type { WatchedDirectory } from '../directories/watched-directory.ts'
import { createSource, type Source, type TableSource } from '../sources/source.ts'
import type { DirectoryLookup, LookupOptions } from './directory-lookup.ts'
import type { MxLookup } from './mx-lookup.ts'
import type { UserLookup } from './user-lookup.ts'

export interface Domains {
  /** Finds accounts by all lookups. */
  readonly source: Source
  /** Finds accounts by the table and the directory, without MX records. */
  readonly listed: Source
  /** Undefined if the table has no directory. */
  readonly customers: DirectoryLookup | undefined
  /** Undefined if MX records are not looked up. */
  readonly mxLookUp: MxLookup | undefined
  /** Undefined if login names come from the address. */
  readonly users: UserLookup | undefined
  /** The directories of domains and of users. */
  readonly directories: readonly WatchedDirectory<unknown>[]
  /** Asks each directory once, and again as long as it is unreachable. @returns at once */
  start(): void
  /** Expires all cached answers. */
  invalidate(): void
  /** Closes each directory. */
  close(): Promise<void>
}

/**
 * @param tables its directory, `mxLookup` and `users` settings are read once, its `cache` whenever it changes
 * @throws AC_SETTINGS_INVALID
 */
export async function openDomains(tables: TableSource, options: LookupOptions): Promise<Domains> {
  const { directory, mxLookup, users: userSettings } = tables.table.settings
  // Why loaded only if configured: most services have all domains in their table, and start faster without.
  const customers =
    directory && (await (await import('./directory-lookup.ts')).openDirectoryLookup(tables, directory, options))
  const mxLookUp = mxLookup && (await import('./mx-lookup.ts')).openMxLookup(tables)
  const users = userSettings && (await (await import('./user-lookup.ts')).openUserLookup(tables, userSettings, options))
  const lookUpsOf = (lookups: readonly (DirectoryLookup | MxLookup | undefined)[]) =>
    lookups.flatMap(each => (each === undefined ? [] : [each.lookUp]))
  const directories = [customers, users].flatMap(each => (each === undefined ? [] : [each.directory]))
  return {
    source: createSource(tables, { lookUps: lookUpsOf([customers, mxLookUp]), loginOf: users?.loginOf }),
    listed: createSource(tables, { lookUps: lookUpsOf([customers]) }),
    customers,
    mxLookUp,
    users,
    directories,
    start() {
      for (const directory of directories) directory.start()
    },
    invalidate() {
      customers?.cache.invalidate()
      mxLookUp?.cache.invalidate()
    },
    async close() {
      await Promise.all(directories.map(directory => directory.close()))
    }
  }
}
