/**
 * A mail address as typed by a person: RFC 5321 4.1.2 dot-string local parts, RFC 6531 letters, IDN domains.
 */
import { toDomain } from './domain.ts'

export interface Address {
  /** As typed: letter case and tags are the mail server's business. */
  readonly localPart: string
  /** As A-labels. */
  readonly domain: string
  /** Local part, '@', domain. */
  readonly text: string
}

// Spec: RFC 5321 4.1.2 atext plus RFC 6531 3.3 non-ASCII. Quoted strings are left out: no mail program offers them, and
// the characters they would allow (spaces, quotes, backslash) are those that break other people's parsers. Dots may stand
// anywhere: carriers in Japan gave out addresses such as a..b@ and a.@ for years.
const localPart = /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|[^\p{ASCII}\p{C}\p{Z}\p{Default_Ignorable_Code_Point}])+$/u
const plain = /^[A-Za-z0-9._+-]+$/

/** Spec: RFC 5321 4.5.3.1.1: octets. */
const longestLocalPart = 64

/**
 * @returns the address, or undefined where it is none: no '@', a local part over 64 octets, over 254 octets in all,
 * spaces, control and invisible characters, quotes, brackets (RFC 5321 4.5.3.1)
 */
export function toAddress(text: string): Address | undefined {
  const at = text.lastIndexOf('@')
  // Why before the rest: a long text must not cost more than a short one. No UTF-16 unit takes less than an octet.
  if (at < 1 || at > longestLocalPart) return undefined
  const local = text.slice(0, at)
  if (!plain.test(local) && !localPart.test(local)) return undefined
  const domain = toDomain(text.slice(at + 1))
  if (domain === undefined) return undefined
  const octets = Buffer.byteLength(local)
  if (octets > longestLocalPart || octets + 1 + domain.length > 254) return undefined
  return { localPart: local, domain, text: `${local}@${domain}` }
}
