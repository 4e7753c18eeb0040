/**
 * The log-in name of a user, if it is one that mail programs can be told.
 */
import type { User } from './user.ts'

/** What is told of an address, whether or not anybody has it. */
export interface Login {
  readonly login: string
}

/** Bytes: as many as an address may have (RFC 5321 4.5.3.1), which many log-in names are. */
const longest = 254

/** @returns the name, or in words why it is none: without the name, which is nobody else's business */
export function usableLogin({ username = '', problem }: User): Login | { readonly problem: string } {
  if (problem !== undefined) return { problem }
  if (username === '') return { problem: 'found no username, expected one' }
  if (Buffer.byteLength(username) > longest) {
    return { problem: `found a username of more than ${longest} bytes, expected at most as many` }
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(username)) {
    return { problem: 'found a username with characters that nobody can see, expected none of them' }
  }
  // Why: mail programs would put something else in its place.
  if (/%[A-Za-z]*%/.test(username)) return { problem: 'found a placeholder in a username, expected the name itself' }
  return { login: username }
}
