/**
 * The domain that is looked at, and the address that its mail programs ask with.
 */
import { toAddress } from '../../settings/address.ts'
import { toDomain } from '../../settings/domain.ts'

export interface Subject {
  /** As A-labels. */
  readonly domain: string
  readonly address: string
  /** The person named an address; otherwise there is a neutral one. */
  readonly isAddressTyped: boolean
}

// Spec: RFC 5321 4.5.1: the one mailbox that every domain with mail has.
const neutral = 'postmaster'

/** @returns undefined where the text is neither a domain nor an address */
export function toSubject(text: string): Subject | undefined {
  const address = toAddress(text)
  if (address !== undefined) return { domain: address.domain, address: address.text, isAddressTyped: true }
  const domain = toDomain(text)
  return domain === undefined ? undefined : { domain, address: `${neutral}@${domain}`, isAddressTyped: false }
}
