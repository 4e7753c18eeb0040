/**
 * What is made of the settings at the start, and again after they have been reloaded.
 */
import type { Table } from '../settings/table.ts'
import type { TableSource } from './source.ts'

/**
 * @param make is called at once, and at the first use after the table has changed
 * @returns a function that returns what was made of the current table
 */
export function perTable<T>(source: TableSource, make: (table: Table) => T): () => T {
  let { table } = source
  let made = make(table)
  return () => {
    if (table === source.table) return made
    table = source.table
    made = make(table)
    return made
  }
}
