/**
 * Rows as a database returns them, and which of them answers a question.
 */
import { errors } from '../errors.ts'
import { detached } from '../formats/detached.ts'
import type { Reading, Said } from './columns.ts'

/** By column, in any letter case. In LDAP a column is a list of values: each value of the key counts, and the first of any other. */
export type Row = Readonly<Record<string, unknown>>

interface ReadRow {
  /** In canonical form. */
  readonly names: readonly (string | undefined)[]
  readonly said: Said
}

/**
 * Why the stored name decides, and not the fact that there is a row: databases treat names as equal that are two names
 * (jané@ and jane@, jane+tag@ and jane@). For an unknown mailbox, such names get two answers; if they got one for a known
 * mailbox, the answers would reveal which mailboxes exist.
 *
 * @param name in canonical form
 * @returns undefined if there is no row of that name
 */
export function readRows<V>(rows: readonly Row[], name: string, reading: Reading<V>): V | undefined {
  const { block, key } = reading
  const read = rows.map(row => readRow(row, reading))
  const [first, ...others] = read.filter(({ names }) => names.includes(name)).map(({ said }) => said)
  if (first !== undefined) {
    // Why: which row comes first is up to the database.
    const isOne = others.every(other => JSON.stringify(other) === JSON.stringify(first))
    return isOne ? reading.toAnswer(first) : reading.toProblem(`found rows of one ${key} that differ, expected one row`)
  }
  const isUnreadable = read.some(({ names }) => names.every(each => each === undefined))
  const where = `the column "${key}" of ${block}`
  return isUnreadable
    ? reading.toProblem(`found no ${key} in ${where}, expected the ${key} as it is stored`)
    : undefined
}

/**
 * Why also if no row was found: a mistake in the query must show before the first customer asks.
 * @param names of all columns that a query returns
 * @throws AC_DIRECTORY_UNFIT
 */
export function checkColumns(
  names: readonly string[],
  { block, columns, key }: Pick<Reading<unknown>, 'block' | 'columns' | 'key'>
): void {
  const returned = names.map(name => name.toLowerCase())
  const unknown = names.find(name => !columns.includes(name.toLowerCase()))
  const problem =
    unknown !== undefined
      ? `returns a column "${unknown}", expected some of ${columns.join(', ')}`
      : `returns no column "${key}", expected the ${key} as it is stored`
  if (unknown !== undefined || !returned.includes(key)) throw errors.directoryUnfit({ block, field: 'query', problem })
}

function readRow(row: Row, { key, toName }: Pick<Reading<unknown>, 'key' | 'toName'>): ReadRow {
  const columns = Object.entries(row).map(([name, value]) => [name.toLowerCase(), value] as const)
  const names = columns
    .flatMap(([name, value]) => (name === key ? [value].flat() : []))
    .map(value => toName(toText(value)))
  // Why detached: an answer is kept, and the column may hold much more than the text in it.
  const said = columns.flatMap(([name, value]) => {
    const text = name === key ? '' : toText([value].flat()[0])
    return text === '' ? [] : [[name, detached(text)] as const]
  })
  return { names, said: Object.fromEntries(said) }
}

/** Why not typeof: ids can be numbers, and MariaDB returns texts with a binary collation as bytes. */
export function toText(value: unknown): string {
  return value === null || value === undefined ? '' : String(value).trim()
}
