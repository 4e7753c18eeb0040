/**
 * What a directory says of one domain.
 */
import { errors } from '../errors.ts'
import { type Overrides, overrideNames } from '../settings/variant.ts'

export interface Entry {
  /** Id of a provider of the table; undefined: the only one. */
  readonly provider: string | undefined
  /** What takes the place of what the table says; undefined where nothing does. */
  readonly overrides: Overrides | undefined
  /** The same for all entries that say the same. */
  readonly key: string
}

/** @param row by column, in any letter case; what is NULL or empty is not said */
export function toEntry(row: Readonly<Record<string, unknown>>): Entry {
  const { provider, ...overrides } = Object.fromEntries(Object.entries(row).flatMap(toText)) as Said
  if (Object.keys(overrides).length === 0) return { provider, overrides: undefined, key: provider ?? '' }
  return { provider, overrides, key: JSON.stringify([provider, overrides]) }
}

/** Why also where there is no row: whoever wrote the query shall not learn it from the first customer. @throws AC_DIRECTORY_UNFIT */
export function checkColumns(names: readonly string[]): void {
  const unknown = names.find(name => !columns.includes(name.toLowerCase()))
  if (unknown === undefined) return
  throw errors.directoryUnfit({ problem: `returns a column "${unknown}", expected some of ${columns.join(', ')}` })
}

type Said = Overrides & { readonly provider?: string }

const columns: readonly string[] = ['provider', ...overrideNames]

/** Why not typeof: ids may be numbers, and MariaDB returns texts of a binary collation as bytes. */
function toText([name, value]: [string, unknown]): [string, string][] {
  const text = value === null || value === undefined ? '' : String(value).trim()
  return text === '' ? [] : [[name.toLowerCase(), text]]
}
