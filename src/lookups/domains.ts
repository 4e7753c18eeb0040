/**
 * Whose domains are served: those of the table, those of a directory, and those whose mail exchangers tell it, in this
 * order; and who in them has a log-in name of their own.
 */

import type { WatchedDirectory } from '../directories/watched-directory.ts'
import type { Source } from '../sources/source.ts'
import type { Customers, CustomersOptions } from './customers.ts'
import type { MxLookUp } from './exchangers.ts'
import type { Users } from './users.ts'

export interface Domains {
  /** Knows all of them, and the log-in names. */
  readonly source: Source
  /** Knows those of the table and of the directory. */
  readonly listed: Source
  /** Undefined where there is no directory. */
  readonly customers: Customers | undefined
  /** Undefined where nobody is looked up. */
  readonly mxLookUp: MxLookUp | undefined
  /** Undefined where log-in names come from the address. */
  readonly users: Users | undefined
  /** Those that are asked for domains or users. */
  readonly directories: readonly WatchedDirectory<unknown>[]
  /** Asks each directory once, and from then on again while it is away. @returns at once: nobody needs to wait */
  start(): void
  /** Has all that was kept asked for again. */
  invalidate(): void
  /** Closes each directory. */
  close(): Promise<void>
}

/**
 * @param table its directories and its look-ups are read once
 * @throws AC_SETTINGS_INVALID
 */
export async function openDomains(table: Source, options: CustomersOptions): Promise<Domains> {
  const customers = await openCustomersOf(table, options)
  const listed = customers?.source ?? table
  const mxLookUp = await openMxLookUpOf(listed)
  const known = mxLookUp?.source ?? listed
  const users = await openUsersOf(known, options)
  const directories = [customers, users].flatMap(each => (each === undefined ? [] : [each.directory]))
  return {
    source: users?.source ?? known,
    listed,
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

/** Why loaded when there is one: most services have all domains in their table. */
async function openCustomersOf(table: Source, options: CustomersOptions): Promise<Customers | undefined> {
  const { directory } = table.table.settings
  if (directory === undefined) return undefined
  const { openCustomers } = await import('./customers.ts')
  return await openCustomers(table, directory, options)
}

async function openMxLookUpOf(listed: Source): Promise<MxLookUp | undefined> {
  if (listed.table.settings.mxLookup === undefined) return undefined
  const { openMxLookUp } = await import('./exchangers.ts')
  return openMxLookUp(listed)
}

async function openUsersOf(source: Source, options: CustomersOptions): Promise<Users | undefined> {
  const { users } = source.table.settings
  if (users === undefined) return undefined
  const { openUsers } = await import('./users.ts')
  return await openUsers(source, users, options)
}
