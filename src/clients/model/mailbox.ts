/**
 * The address that a person typed, in the parts that mail programs put into URLs, DNS names and log-in names.
 */
import { toAddress } from '../../settings/address.ts'

export interface Mailbox {
  /** As typed. */
  readonly address: string
  readonly localPart: string
  /** As A-labels. */
  readonly domain: string
}

/** @returns undefined where no program would take the text for an address */
export function toMailbox(address: string): Mailbox | undefined {
  const parsed = toAddress(address)
  return parsed && { address, localPart: parsed.localPart, domain: parsed.domain }
}
