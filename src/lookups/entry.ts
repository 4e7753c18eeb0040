/**
 * What a directory says of one domain.
 */

import type { Reading } from '../directories/columns.ts'
import { toDomain } from '../settings/domain.ts'
import { type Overrides, overrideNames } from '../settings/overrides.ts'

export interface Entry {
  /** Id of a provider of the table; undefined: the only one. */
  readonly provider: string | undefined
  /** What takes the place of what the table says; undefined where nothing does. */
  readonly overrides: Overrides | undefined
  /** The same for all entries that say the same. */
  readonly key: string
  /** Why the rows of the domain cannot be used. */
  readonly problem?: string
}

export const entryReading: Reading<Entry> = {
  block: 'directory',
  parameter: ':domain',
  key: 'domain',
  columns: ['domain', 'provider', ...overrideNames],
  // Why of an address as well: in LDAP the domain may be stored in addresses only.
  toName: text => toDomain(text.slice(text.lastIndexOf('@') + 1)),
  toAnswer({ provider, ...overrides }) {
    if (Object.keys(overrides).length === 0) return { provider, overrides: undefined, key: provider ?? '' }
    return { provider, overrides, key: JSON.stringify([provider, overrides]) }
  },
  toProblem: problem => ({ provider: undefined, overrides: undefined, key: JSON.stringify({ problem }), problem })
}
