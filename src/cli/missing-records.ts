/**
 * Which records of a domain are not in the DNS yet.
 */
import type { DnsRecord } from '../dns/record.ts'
import type { Resolver } from '../network/resolver.ts'

/** @returns also what could not be looked up */
export async function missingRecords(records: readonly DnsRecord[], { look }: Resolver): Promise<DnsRecord[]> {
  const present = await Promise.all(records.map(record => isPresent(record, look)))
  return records.filter((_, index) => present[index] === false)
}

async function isPresent(record: DnsRecord, look: Resolver['look']): Promise<boolean> {
  const { name } = record
  switch (record.type) {
    case 'CNAME':
      return (await look('CNAME', name)).records.some(target => nameOf(target) === record.target)
    case 'TXT':
      return (await look('TXT', name)).records.includes(record.text)
    case 'SRV':
      return (await look('SRV', name)).records.some(
        ({ port, target }) => port === record.port && nameOf(target) === record.target
      )
  }
}

/** @returns in small letters, without the final dot */
function nameOf(target: string): string {
  return target.toLowerCase().replace(/\.$/, '')
}
