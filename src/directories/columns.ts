/**
 * What is read out of a directory: by which name, in which columns, and what they say.
 */
import type { Parameter } from '../settings/query/sql-query.ts'

export interface Reading<V> {
  /** The part of the settings table that tells where it is read. */
  readonly block: 'directory' | 'users'
  /** What stands in a query for the name that is asked for. */
  readonly parameter: Parameter
  /** Those that an answer may have, in small letters. */
  readonly columns: readonly string[]
  /** @returns the text as it is asked for; undefined where it is no such name */
  toName(text: string): string | undefined
  toAnswer(said: Said): V
}

/** By column, in small letters: what is neither NULL nor empty. */
export type Said = Readonly<Record<string, string>>
