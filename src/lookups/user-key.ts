/**
 * A mail address as a directory of users is asked for it.
 */
import type { Address } from '../settings/address.ts'

/**
 * Why in small letters: nobody but the mail server may say that Jane and jane are two (RFC 5321 2.4), and none does.
 * Why of ASCII only: Dovecot's %Lu knows no others, and which are the same elsewhere depends on the language.
 */
export function toUserKey({ text }: Address): string {
  return text.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}
