/**
 * What a directory of users says about one mail address.
 */
import type { RowReader } from '../directories/row-reader.ts'
import { type Address, toAddress } from '../settings/address.ts'

export interface User {
  /** The login name; undefined if there is none. */
  readonly username: string | undefined
  /** The person's own name. Why it is never served: anyone who knows an address would learn whose it is. */
  readonly displayName: string | undefined
  /** Why the rows of the address cannot be used. */
  readonly problem?: string
}

/** Active Directory's proxyAddresses: `SMTP:` marks the primary address, `smtp:` an alias. */
const scheme = /^smtp:/i

export const userReading: RowReader<User> = {
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

/**
 * The canonical form of an address: what the directory is asked for, and what stored addresses are compared with. The local
 * part is in lower case and in normalization form C (RFC 6532 3.1).
 *
 * Why lower case: only the receiving server may treat local parts as case-sensitive (RFC 5321 2.4), and in practice none does.
 * Why here, and not in the database: what counts as one address must be the same for known and unknown mailboxes.
 * @param delimiters the first of these characters begins a tag, which is left out; none by default
 */
export function toUserKey({ localPart, domain }: Address, delimiters = ''): string {
  // Why not at the first character: an address such as +jane@example.com is not a tag alone.
  const tag = [...localPart].findIndex((character, at) => at > 0 && delimiters.includes(character))
  const name = tag === -1 ? localPart : [...localPart].slice(0, tag).join('')
  return `${canonical(name)}@${domain}`
}

/** Why normalized twice: lower case decomposes some letters again. */
function canonical(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC')
}

/** The login name that is served for an address, whether or not the mailbox exists. */
export interface Login {
  readonly login: string
}

/** Bytes. Many login names are addresses, which may have as many (RFC 5321 4.5.3.1). */
const longest = 254

/** @returns the login name, or why it cannot be served, without the name itself: it is personal */
export function toLogin({ username = '', problem }: User): Login | { readonly problem: string } {
  if (problem !== undefined) return { problem }
  if (username === '') return { problem: 'found no username, expected one' }
  if (Buffer.byteLength(username) > longest) {
    return { problem: `found a username of more than ${longest} bytes, expected at most ${longest}` }
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(username)) {
    return { problem: 'found a username with invisible characters, expected none of them' }
  }
  // Why: mail programs would replace it.
  if (/%[A-Za-z]*%/.test(username)) return { problem: 'found a placeholder in a username, expected the name itself' }
  return { login: username }
}
