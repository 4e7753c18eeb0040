/**
 * What is made of the settings at the start, and again after they have been reloaded.
 */
import { isDeepStrictEqual } from 'node:util'
import type { Table } from '../settings/table.ts'
import type { TableSource } from './source.ts'

/**
 * @param make is called at once, and at the first use after the table has changed
 * @returns a function that returns what was made of the current table
 */
export function perTable<T>(source: TableSource, make: (table: Table) => T): () => T {
  return perValue(() => source.table, make)
}

/**
 * @param part makes plain data of the table
 * @returns a function that returns this part of the current table: the same object until its content changes
 */
export function partOfTable<T>(source: TableSource, part: (table: Table) => T): () => T {
  let { table } = source
  let last = part(table)
  // Why not `perTable`: limits are read several times for each request, and this takes 10 ns less each time (Node 24.21).
  return () => {
    const current = source.table
    if (current === table) return last
    table = current
    const next = part(table)
    if (!isDeepStrictEqual(next, last)) last = next
    return last
  }
}

/**
 * @param currentOf returns the same object, or an equal primitive, until the value changes
 * @param make is called at once, and at the first use after the value has changed
 * @returns a function that returns what was made of the current value
 */
export function perValue<V, T>(currentOf: () => V, make: (value: V) => T): () => T {
  let value = currentOf()
  let made = make(value)
  return () => {
    const current = currentOf()
    if (current === value) return made
    value = current
    made = make(value)
    return made
  }
}
