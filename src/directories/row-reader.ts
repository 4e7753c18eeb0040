/**
 * How the rows of a directory become an answer.
 */
import { errors } from '../errors.ts'
import { detached } from '../formats/detached.ts'
import type { Parameter } from '../settings/query/sql-query.ts'
import type { Directory } from './directory.ts'

/** What a driver needs to know about the columns of a query. */
export interface QueryColumns {
  /** The part of the settings table that configures the directory. */
  readonly block: 'directory' | 'users'
  /** Stands for the requested name in a query or filter. */
  readonly parameter: Parameter
  /** The column with the stored name. A row without it is never used. */
  readonly key: 'domain' | 'address'
  /** Every column that a row may have, in lower case. */
  readonly columns: readonly string[]
}

/** The columns of a query, and what their values mean. */
export interface RowReader<V> extends QueryColumns {
  /** @returns the name in canonical form, in which names are requested and compared; undefined if the text is not a name */
  toName(text: string): string | undefined
  toAnswer(values: RowValues): V
  /** @param problem why the rows that were found cannot be used, in words and without the name */
  toProblem(problem: string): V
  /** Makes an answer of all rows with any name, instead of the row with the requested name. */
  fromRows?(rows: readonly Row[]): V
}

/** The values of a row by column in lower case, without the key and without values that are NULL or empty. */
export type RowValues = Readonly<Record<string, string>>

/**
 * Values by column, in any letter case, as a driver returns them. In LDAP a column is a list of values: each value of the key
 * counts, and only the first one of any other column.
 */
export type Row = Readonly<Record<string, unknown>>

/** What a driver finds for a name. */
export type FoundRows = { readonly rows: readonly Row[] } | { readonly problem: string }

/** A directory whose rows have not been read. */
export interface RowDirectory extends Omit<Directory<unknown>, 'find'> {
  find(name: string): Promise<FoundRows>
}

/**
 * Why rows are read in the service and not in the process of the driver: reading them decides which client gets which answer.
 *
 * @returns a directory with the answers that the reader makes of the rows
 */
export function readDirectory<V>(directory: RowDirectory, reader: RowReader<V>): Directory<V> {
  const { watch } = directory
  return {
    async find(name) {
      const found = await directory.find(name)
      return 'problem' in found ? reader.toProblem(found.problem) : readRows(found.rows, name, reader)
    },
    ...(watch && {
      watch(onChange) {
        watch(text => onChange(text === undefined ? undefined : reader.toName(text)))
      }
    }),
    get restarts() {
      return directory.restarts
    },
    close: directory.close
  }
}

/**
 * Why the stored name decides, and not the fact that there is a row: databases treat different names as equal
 * (jané@ and jane@, jane+tag@ and jane@). For an unknown mailbox, such names get two answers. If they got one for a known
 * mailbox, the answers would reveal which mailboxes exist.
 *
 * @param name in canonical form
 * @returns undefined if no row has that name
 */
export function readRows<V>(rows: readonly Row[], name: string, reader: RowReader<V>): V | undefined {
  if (reader.fromRows !== undefined) return reader.fromRows(rows)
  const { block, key } = reader
  const read = rows.map(row => readRow(row, reader))
  const [first, ...others] = read.filter(({ names }) => names.includes(name)).map(({ values }) => values)
  if (first !== undefined) {
    // Why: the order of the rows is up to the database.
    const areEqual = others.every(other => JSON.stringify(other) === JSON.stringify(first))
    return areEqual
      ? reader.toAnswer(first)
      : reader.toProblem(`found rows of one ${key} that differ, expected one row`)
  }
  const isUnreadable = read.some(({ names }) => names.every(each => each === undefined))
  const where = `the column "${key}" of ${block}`
  return isUnreadable ? reader.toProblem(`found no ${key} in ${where}, expected the stored ${key}`) : undefined
}

/**
 * Why columns are checked even if no row was found: a mistake in the query must show before the first customer asks.
 *
 * @param names of all columns that a query returns
 * @throws AC_DIRECTORY_UNFIT
 */
export function checkColumns(names: readonly string[], columns: Pick<QueryColumns, 'block' | 'columns' | 'key'>): void {
  const problem = columnsProblem(names, columns)
  if (problem !== undefined) throw errors.directoryUnfit({ block: columns.block, field: 'query', problem })
}

/** @returns what is wrong with the columns, continuing "the query …"; undefined if they are fine */
export function columnsProblem(
  names: readonly string[],
  { columns, key }: Pick<QueryColumns, 'columns' | 'key'>
): string | undefined {
  const returned = names.map(name => name.toLowerCase())
  const unknown = names.find(name => !columns.includes(name.toLowerCase()))
  if (unknown !== undefined) return `returns a column "${unknown}", expected some of ${columns.join(', ')}`
  return returned.includes(key) ? undefined : `returns no column "${key}", expected the stored ${key}`
}

interface ReadRow {
  /** In canonical form. */
  readonly names: readonly (string | undefined)[]
  readonly values: RowValues
}

function readRow(row: Row, { key, toName }: Pick<RowReader<unknown>, 'key' | 'toName'>): ReadRow {
  const columns = Object.entries(row).map(([name, value]) => [name.toLowerCase(), value] as const)
  const names = columns
    .flatMap(([name, value]) => (name === key ? [value].flat() : []))
    .map(value => toName(toText(value)))
  // Why detached: an answer is cached, and the column may contain much more than the text that is used.
  const values = columns.flatMap(([name, value]) => {
    const text = name === key ? '' : toText([value].flat()[0])
    return text === '' ? [] : [[name, detached(text)] as const]
  })
  return { names, values: Object.fromEntries(values) }
}

/** Why not typeof: ids can be numbers, and MariaDB returns texts with a binary collation as bytes. */
export function toText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value).trim()
}
