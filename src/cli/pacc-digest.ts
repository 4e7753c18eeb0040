/**
 * What the DNS says of the PACC document of a domain: draft-ietf-mailmaint-pacc-03.
 */
import { createHash } from 'node:crypto'
import { writerOf } from '../dialects/dialect.ts'
import { pacc } from '../dialects/pacc.ts'
import type { Resolved } from '../settings/account.ts'

/** @returns base64 of the SHA-256; undefined where the provider has no PACC document */
export function paccDigest(found: Resolved): string | undefined {
  const document = writerOf(pacc, found.provider)?.({ ...found, address: undefined, personName: undefined })
  return document && createHash('sha256').update(document.body).digest('base64')
}
