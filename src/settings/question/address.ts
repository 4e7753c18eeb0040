/**
 * A mail address as typed by a person: RFC 5321 4.1.2 dot-string local parts, RFC 6531 letters, IDN domains.
 */
import { toDomain, toUnicode } from './domain.ts'

export interface Address {
  /** As typed. Only the receiving server may interpret letter case and tags. */
  readonly localPart: string
  /** As A-labels. */
  readonly domain: string
  /** Local part, '@', domain. */
  readonly text: string
  /** The local part is a word that the program itself replaces in the response. */
  readonly isStandIn?: true
}

// Spec: RFC 5321 4.1.2 atext plus RFC 6531 3.3 non-ASCII. Quoted strings are not accepted: mail programs do not offer
// them, and the characters that they would allow (spaces, quotes, backslashes) break other parsers. Dots are accepted
// anywhere, because carriers in Japan issued addresses such as a..b@ and a.@ for years.
const localPart = /^(?:[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~.]|[^\p{ASCII}\p{C}\p{Z}\p{Default_Ignorable_Code_Point}])+$/u
const plain = /^[A-Za-z0-9._+-]+$/

/** Spec: RFC 5321 4.5.3.1.1: octets. */
const longestLocalPart = 64

/**
 * @returns the address, or undefined if the text is not one: no '@', a local part over 64 octets, over 254 octets in
 * total, spaces, control or invisible characters, quotes, brackets (RFC 5321 4.5.3.1)
 */
export function toAddress(text: string): Address | undefined {
  const at = text.lastIndexOf('@')
  // Why: this check comes first so that a long text costs no more than a short one. A UTF-16 unit takes at least one octet.
  if (at < 1 || at > longestLocalPart) return undefined
  const local = text.slice(0, at)
  if (!plain.test(local) && !localPart.test(local)) return undefined
  const domain = toDomain(text.slice(at + 1))
  if (domain === undefined) return undefined
  const octets = Buffer.byteLength(local)
  if (octets > longestLocalPart || octets + 1 + domain.length > 254) return undefined
  return { localPart: local, domain, text: `${local}@${domain}` }
}

/** @returns the address as people write it: its domain with U-labels (RFC 5890 2.3.2.1) */
export function toUnicodeAddress({ localPart, domain }: Address): Pick<Address, 'text' | 'domain'> {
  const unicode = toUnicode(domain)
  return { text: `${localPart}@${unicode}`, domain: unicode }
}
