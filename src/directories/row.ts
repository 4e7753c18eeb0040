/**
 * One row as a database returns it, by column in any letter case.
 */
import { errors } from '../errors.ts'
import { detached } from '../formats/detached.ts'
import type { Reading } from './columns.ts'

export type Row = Readonly<Record<string, unknown>>

/** @returns what the row says; undefined where there is none */
export function readRow<V>(row: Row | undefined, reading: Pick<Reading<V>, 'toAnswer'>): V | undefined {
  return row && reading.toAnswer(Object.fromEntries(Object.entries(row).flatMap(toText)))
}

/** Why also where there is no row: whoever wrote the query shall not learn it from the first customer. @throws AC_DIRECTORY_UNFIT */
export function checkColumns(
  names: readonly string[],
  { block, columns }: Pick<Reading<unknown>, 'block' | 'columns'>
): void {
  const unknown = names.find(name => !columns.includes(name.toLowerCase()))
  if (unknown === undefined) return
  const problem = `returns a column "${unknown}", expected some of ${columns.join(', ')}`
  throw errors.directoryUnfit({ block, field: 'query', problem })
}

/**
 * Why not typeof: ids may be numbers, and MariaDB returns texts of a binary collation as bytes.
 * Why detached: an answer is kept, and the column may hold much more than the text in it.
 */
function toText([name, value]: [string, unknown]): [string, string][] {
  const text = value === null || value === undefined ? '' : String(value).trim()
  return text === '' ? [] : [[name.toLowerCase(), detached(text)]]
}
