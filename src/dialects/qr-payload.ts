/**
 * What a QR code for one person says, or why there can be none.
 */
import type { Address } from '../settings/address.ts'
import { personNameLimit } from '../settings/person-name.ts'
import type { Subject } from './dialect.ts'

export type QrPayload = { readonly payload: string } | { readonly reason: string }

export interface QrSubject extends Subject {
  readonly address: Address
}

export const badName: QrPayload = { reason: `the name must be 1 to ${personNameLimit} visible characters on one line` }
