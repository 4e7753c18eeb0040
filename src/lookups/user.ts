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
}

export const userReading: Reading<User> = {
  block: 'users',
  parameter: ':address',
  columns: ['username', 'display_name'],
  toName(text) {
    const address = toAddress(text)
    return address && toUserKey(address)
  },
  toAnswer: ({ username, display_name: displayName }) => ({ username, displayName })
}
