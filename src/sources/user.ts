/**
 * What a directory says of one mail address.
 */
import { toAddress } from '../settings/address.ts'
import type { Reading } from './reading.ts'

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
  toName: toUserKey,
  toAnswer: ({ username, display_name: displayName }) => ({ username, displayName })
}

/**
 * Why in small letters: nobody but the mail server may say that Jane and jane are two (RFC 5321 2.4), and none does.
 * Why of ASCII only: Dovecot's %Lu and Postfix know no others, and which are the same elsewhere depends on the language.
 */
function toUserKey(text: string): string | undefined {
  return toAddress(text)?.text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
