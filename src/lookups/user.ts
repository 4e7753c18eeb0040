/**
 * What a directory says of one mail address.
 */

import type { Reading } from '../directories/columns.ts'
import { toAddress } from '../settings/address.ts'
import { toUserKey } from './user-key.ts'

export interface User {
  /** The log-in name; undefined where none is said. */
  readonly username: string | undefined
  /** The person's own name. Why never in an answer: whoever knows an address would learn whose it is. */
  readonly displayName: string | undefined
  /** Why the rows of the address cannot be used. */
  readonly problem?: string
}

/** Of Active Directory's proxyAddresses: `SMTP:` marks the primary address, `smtp:` an alias. */
const scheme = /^smtp:/i

export const userReading: Reading<User> = {
  block: 'users',
  parameter: ':address',
  key: 'address',
  columns: ['address', 'username', 'display_name'],
  toName(text) {
    const address = toAddress(text.replace(scheme, ''))
    return address && toUserKey(address)
  },
  toAnswer: ({ username, display_name: displayName }) => ({ username, displayName }),
  toProblem: problem => ({ username: undefined, displayName: undefined, problem })
}
