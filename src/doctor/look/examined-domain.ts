/**
 * The domain that is examined, and the address in the requests.
 */
import { toAddress } from '../../settings/question/address.ts'
import { toDomain } from '../../settings/question/domain.ts'

export interface Subject {
  /** As A-labels. */
  readonly domain: string
  readonly address: string
  /** Whether the user gave an address. Otherwise, a neutral one is used. */
  readonly isAddressTyped: boolean
}

// Spec: RFC 5321 4.5.1 requires every domain with mail to have this mailbox.
const neutral = 'postmaster'

/** @returns undefined unless the text is a domain or an address */
export function toSubject(text: string): Subject | undefined {
  const address = toAddress(text)
  if (address !== undefined) return { domain: address.domain, address: address.text, isAddressTyped: true }
  const domain = toDomain(text)
  return domain === undefined ? undefined : neutralSubject(domain)
}

/** @param domain as A-labels. @returns the domain with a neutral address */
export function neutralSubject(domain: string): Subject {
  return { domain, address: `${neutral}@${domain}`, isAddressTyped: false }
}
