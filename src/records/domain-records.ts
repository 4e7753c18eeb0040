/**
 * The DNS records that a served domain should have, and those that it does not have yet.
 */
import { createHash } from 'node:crypto'
import { writerOf } from '../dialects/dialect.ts'
import { pacc } from '../dialects/pacc.ts'
import { recommendedRecords } from '../dns/recommended-records.ts'
import type { DnsRecord } from '../dns/record.ts'
import type { Resolver } from '../network/resolver.ts'
import type { Resolved } from '../settings/question/account.ts'

/** @param target the host name under which Signpost is reached */
export function domainRecords(found: Resolved, target: string): readonly DnsRecord[] {
  return recommendedRecords(found, { target, paccDigest: paccDigest(found) })
}

/**
 * Spec: draft-ietf-mailmaint-pacc-03. The DNS publishes the SHA-256 digest of the document in base64.
 * @returns undefined if the provider has no PACC document
 */
function paccDigest(found: Resolved): string | undefined {
  const document = writerOf(pacc, found.provider)?.({ ...found, address: undefined, personName: undefined })
  return document && createHash('sha256').update(document.body).digest('base64')
}

/** @returns the records that are not in the DNS, including those that could not be looked up */
export async function missingRecords(records: readonly DnsRecord[], { look }: Resolver): Promise<DnsRecord[]> {
  const present = await Promise.all(records.map(record => isPresent(record, look)))
  return records.filter((_, index) => present[index] === false)
}

async function isPresent(record: DnsRecord, look: Resolver['look']): Promise<boolean> {
  const { name } = record
  switch (record.type) {
    case 'A':
      return (await look('A', name)).records.includes(record.address)
    case 'CNAME':
      return (await look('CNAME', name)).records.some(target => normalized(target) === record.target)
    case 'TXT':
      return (await look('TXT', name)).records.includes(record.text)
    case 'SRV':
      return (await look('SRV', name)).records.some(
        ({ port, target }) => port === record.port && normalized(target) === record.target
      )
  }
}

/** @returns the host name in lower case, without the final dot */
function normalized(target: string): string {
  return target.toLowerCase().replace(/\.$/, '')
}
