/**
 * A mail address in canonical form: as a directory of users is asked for it, and as stored addresses are compared with it.
 */
import type { Address } from '../settings/address.ts'

/**
 * The local part is in lower case and in normalization form C (RFC 6532 3.1).
 *
 * Why lower case: only the receiving server may treat local parts as case-sensitive (RFC 5321 2.4), and in practice none does.
 * Why here, and not in the database: what counts as one address must be the same for known and unknown mailboxes.
 * @param delimiters a tag begins at the first of these characters, and is left out; none by default
 */
export function toUserKey({ localPart, domain }: Address, delimiters = ''): string {
  // Why not at the first character: an address such as +jane@example.com is not a tag alone.
  const tag = [...localPart].findIndex((character, at) => at > 0 && delimiters.includes(character))
  const name = tag === -1 ? localPart : [...localPart].slice(0, tag).join('')
  return `${canonical(name)}@${domain}`
}

/** Why twice: some letters are composed again in lower case. */
function canonical(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC')
}
