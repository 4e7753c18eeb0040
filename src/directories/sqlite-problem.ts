/**
 * Whether an SQLite file fits a query: opens it read-only and prepares the query, without running it.
 *
 * Why the query does not run: a slow one would block the process.
 */
import type { DatabaseSync } from 'node:sqlite'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { toFailure } from './directory.ts'
import { columnsProblem, type QueryColumns } from './row-reader.ts'
import { columnNames, openDatabase, sqliteFailure, toSqliteText, whileBusy } from './sqlite-file.ts'

export interface SqliteProblem {
  /** What has to be corrected. */
  readonly origin: 'file' | 'query'
  /** In words. For the query, it continues "the query …". */
  readonly text: string
}

export interface SqliteProblemOptions {
  readonly columns: Pick<QueryColumns, 'columns' | 'key'>
  /** How long to wait while another process writes. */
  readonly timeoutMs: number
}

/** @returns undefined if the file has everything that the query names */
export async function sqliteProblem(
  query: SqlQuery,
  file: string,
  { columns, timeoutMs }: SqliteProblemOptions
): Promise<SqliteProblem | undefined> {
  try {
    const problem = columnsProblem(await whileBusy(() => namesOf(query, file), timeoutMs), columns)
    return problem === undefined ? undefined : { origin: 'query', text: problem }
  } catch (error) {
    const { code, driverText = code } = toFailure(error)
    return code === queryError
      ? { origin: 'query', text: `fails: ${driverText}` }
      : { origin: 'file', text: driverText }
  }
}

/** Spec: SQLITE_ERROR, such as for a table or column that does not exist (https://www.sqlite.org/rescode.html#error). */
const queryError = 'sqlite-1'

/** @returns the columns of the query. @throws DirectoryFailure */
function namesOf(query: SqlQuery, file: string): string[] {
  try {
    return prepare(query, openDatabase(file))
  } catch (error) {
    throw sqliteFailure(error, { isConnecting: true })
  }
}

/** @returns the columns of the query; closes the database */
function prepare(query: SqlQuery, database: DatabaseSync): string[] {
  try {
    return columnNames(database.prepare(toSqliteText(query)))
  } finally {
    database.close()
  }
}
