/**
 * How answers of a directory are read: the name that is asked for, the columns of a row, and what they mean.
 */
import type { Parameter } from '../settings/query/sql-query.ts'

export interface Reading<V> {
  /** The part of the settings table that configures the directory. */
  readonly block: 'directory' | 'users'
  /** Stands in a query or filter for the name that is asked for. */
  readonly parameter: Parameter
  /** The column with the name as it is stored. A row without it is never used. */
  readonly key: 'domain' | 'address'
  /** Every column that a row may have, in lower case. */
  readonly columns: readonly string[]
  /** @returns the name in canonical form, in which names are asked for and compared; undefined if the text is no name */
  toName(text: string): string | undefined
  toAnswer(said: Said): V
  /** @param problem why the rows that were found cannot be used, in words and without the name */
  toProblem(problem: string): V
}

/** A row by column, in lower case, without the key and without values that are NULL or empty. */
export type Said = Readonly<Record<string, string>>

/** What a driver must know of a reading. */
export type Columns = Pick<Reading<unknown>, 'block' | 'parameter' | 'key' | 'columns'>
