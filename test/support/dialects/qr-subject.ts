/**
 * The account in a QR code, found in a table as the server finds it.
 */
import assert from 'node:assert/strict'
import type { QrInput } from '../../../src/dialects/qr-payload.ts'
import { toAddress } from '../../../src/settings/question/address.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import type { Table } from '../../../src/settings/table.ts'

export function qrSubject(table: Table, text: string, personName?: string): QrInput {
  const address = toAddress(text)
  assert(address)
  const found = resolve(table, { domain: address.domain, host: undefined })
  assert(found)
  return { ...found, address, personName }
}
