/**
 * Compares the records that a domain should have with those in the DNS: one result for each name and type.
 */

import type { DnsRecord } from '../dns/record.ts'
import { recordData } from '../dns/zone-file.ts'
import type { DnsAnswer, DnsData, Resolver } from '../network/resolver.ts'

export interface ComparedRecords {
  readonly name: string
  readonly type: DnsRecord['type']
  /** `failed`: the lookup failed. */
  readonly status: 'ok' | 'missing' | 'differs' | 'failed'
  /** In the notation of zone files. */
  readonly wanted: readonly string[]
  readonly found: readonly string[]
  /** Such as `SERVFAIL`; null unless the lookup failed. */
  readonly fault: string | null
}

/** Why TTLs are not compared: a resolver reports the time that is left. */
export async function compareRecords(
  records: readonly DnsRecord[],
  look: Resolver['look']
): Promise<ComparedRecords[]> {
  const sets = [...Map.groupBy(records, ({ name, type }) => `${name} ${type}`).values()]
  return await Promise.all(
    sets.flatMap(set => set.slice(0, 1).map(({ name, type }) => compareSet(set, { name, type, look })))
  )
}

interface SetOptions {
  readonly name: string
  readonly type: DnsRecord['type']
  readonly look: Resolver['look']
}

async function compareSet(set: readonly DnsRecord[], { name, type, look }: SetOptions): Promise<ComparedRecords> {
  const wanted = set.map(recordData)
  const answer = await look(type, name)
  const found = answer.records.map(data => foundData(answer, data))
  const isSame = new Set(found).symmetricDifference(new Set(wanted)).size === 0
  const status = answer.fault !== undefined ? 'failed' : isSame ? 'ok' : found.length === 0 ? 'missing' : 'differs'
  return { name, type, status, wanted, found, fault: answer.fault ?? null }
}

/** @returns the data as `recordData` writes it */
function foundData({ type, name }: Pick<DnsAnswer, 'type' | 'name'>, data: DnsData[DnsRecord['type']]): string {
  if (typeof data === 'object') return recordData({ name, type: 'SRV', ...data, target: normalized(data.target) })
  if (type === 'TXT') return recordData({ name, type, text: data })
  return type === 'CNAME' ? recordData({ name, type, target: normalized(data) }) : data
}

/** @returns the host name in lower case, without the final dot */
function normalized(target: string): string {
  return target.toLowerCase().replace(/\.$/, '')
}
