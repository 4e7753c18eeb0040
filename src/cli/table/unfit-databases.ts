/**
 * Findings of `signpost check` about SQLite databases: files that cannot be opened, and queries that name what they do not contain.
 *
 * Why only warnings: the service starts, and uses the database as soon as it fits.
 */
import { resolve } from 'node:path'
import type { SettingsContext } from '../../directories/database-server.ts'
import type { QueryColumns } from '../../directories/row-reader.ts'
import { entryReading } from '../../lookups/directory-entry.ts'
import { userReading } from '../../lookups/user.ts'
import { basedOn, type Fault, pathText, warning } from '../../settings/load/finding.ts'
import { toSqlQuery } from '../../settings/query/sql-query.ts'
import type { Settings } from '../../settings/schema.ts'
import { whyUnreadable } from '../../sources/read-file.ts'

/** @returns warnings about files that exist: others are among the unusable files */
export async function unfitDatabases(settings: Settings, context: SettingsContext): Promise<Fault[]> {
  const { directory, users } = settings
  const queries = [
    { columns: entryReading, field: 'query', text: directory?.query },
    { columns: entryReading, field: 'list', text: directory?.list },
    { columns: userReading, field: 'query', text: users?.query }
  ] as const
  const faults = await Promise.all(queries.map(query => faultsOf(settings, query, context)))
  // Why once: both queries of a directory have the same problem with its file.
  return [...new Map(faults.flat().map(fault => [`${pathText(fault.path)} ${fault.message}`, fault])).values()]
}

interface WrittenQuery {
  readonly columns: QueryColumns
  readonly field: 'query' | 'list'
  readonly text: string | undefined
}

async function faultsOf(
  settings: Settings,
  { columns, field, text }: WrittenQuery,
  { folder }: SettingsContext
): Promise<Fault[]> {
  const { block, parameter } = columns
  const { type, file, timeoutMilliseconds: timeoutMs = 2000 } = settings[block] ?? {}
  if (type !== 'sqlite' || file === undefined || text === undefined) return []
  const path = resolve(folder, file)
  const query = toSqlQuery(text, parameter, { type })
  if ('problem' in query || whyUnreadable(path) !== undefined) return []
  const { sqliteProblem } = await import('../../directories/sqlite-problem.ts')
  const problem = await sqliteProblem(query, path, { columns, timeoutMs })
  if (problem === undefined) return []
  const fault =
    problem.origin === 'file'
      ? warning([block, 'file'], `cannot use ${file}: ${problem.text}`)
      : warning([block, field], `for ${file}, the query ${problem.text}`)
  return basedOn(
    ['type', 'file'].map(key => [block, key]),
    [fault]
  )
}
