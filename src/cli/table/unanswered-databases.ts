/**
 * Findings of `signpost check` about the SQLite files of a table. Why only those: other directories need the network, and passwords
 * that this machine may not have; `check --lookup` asks them.
 */
import { dirname, resolve } from 'node:path'
import type { RowReader } from '../../directories/row-reader.ts'
import { entryReading, listReading } from '../../lookups/directory-entry.ts'
import { userReading } from '../../lookups/user.ts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import { type Fault, warning } from '../../settings/load/finding.ts'
import type { Table } from '../../settings/table.ts'
import { whyUnreadable } from '../../sources/read-file.ts'
import { ask, type DirectoryQuery } from '../directory-lookup.ts'

/**
 * Asks each file for a name that does not exist (RFC 6761 6.4).
 * @returns one warning for each that cannot be opened, or that does not fit the query; a warning because the service starts
 * nevertheless, and answers as soon as the file does
 */
export async function unansweredDatabases(
  { settings: { directory, users } }: Table,
  surroundings: Pick<DirectoryQuery, 'file' | 'env'>
): Promise<Fault[]> {
  const faultsOf = async <V>(
    block: string,
    settings: DirectorySettings | undefined,
    reader: RowReader<V>,
    name: string
  ) => {
    const { type, file = '' } = settings ?? {}
    // Why not a file that cannot be read: the findings about files have it.
    if (settings === undefined || type !== 'sqlite' || whyUnreadable(resolve(dirname(surroundings.file), file)))
      return []
    const result = await ask(settings, reader, { ...surroundings, name })
    return 'failure' in result ? [warning([block], `the database ${result.failure}`)] : []
  }
  const listing = directory?.list === undefined ? undefined : { ...directory, query: directory.list }
  return [
    ...(await faultsOf('directory', directory, entryReading, 'signpost.invalid')),
    ...(await faultsOf('directory', listing, listReading, '')),
    ...(await faultsOf('users', users, userReading, 'nobody@signpost.invalid'))
  ]
}
