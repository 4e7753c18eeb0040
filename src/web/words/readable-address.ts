/**
 * An address as people write it: its domain in their own letters (U-labels, RFC 5890 2.3.2.1).
 */
import type { Address } from '../../settings/address.ts'
import { toUnicode } from '../../settings/domain.ts'

export function readable({ localPart, domain }: Address): Pick<Address, 'text' | 'domain'> {
  const shown = toUnicode(domain)
  return { text: `${localPart}@${shown}`, domain: shown }
}
