/**
 * The DNS records of any table, with their domain.
 */
import fc from 'fast-check'
import { recommendedRecords } from '../../../src/dns/recommended-records.ts'
import type { DnsRecord } from '../../../src/dns/record.ts'
import { resolve } from '../../../src/settings/question/resolution-order.ts'
import { anyDomain } from '../arbitraries/address.ts'
import { anyTable } from '../arbitraries/table.ts'

export interface AnyRecords {
  readonly domain: string
  readonly records: readonly DnsRecord[]
}

export const anyRecords: fc.Arbitrary<AnyRecords> = fc
  .tuple(
    anyTable,
    anyDomain,
    fc.option(
      fc.base64String({ minLength: 44, maxLength: 44 }).map(text => text.padEnd(44, 'x')),
      { nil: undefined }
    )
  )
  .map(([{ table, domain }, target, paccDigest]) => {
    const resolved = resolve(table, { domain, host: undefined })
    if (resolved === undefined) throw new Error(`not served: ${domain}`)
    return { domain, records: recommendedRecords(resolved, { target, paccDigest }) }
  })
