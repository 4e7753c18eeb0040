/**
 * DNS records as JSON: a list of objects with absolute names, like those in zone files.
 */
import { type DnsRecord, type RecordWriter, toStrings } from './record.ts'

export const writeDnsJson: RecordWriter = (records, { ttl }) => {
  const list = records.map(record => ({ name: `${record.name}.`, type: record.type, ttl, ...dataOf(record) }))
  return `${JSON.stringify(list, null, 2)}\n`
}

function dataOf(record: DnsRecord): object {
  switch (record.type) {
    case 'A':
      return { address: record.address }
    case 'CNAME':
      return { target: `${record.target}.` }
    case 'SRV': {
      const { priority, weight, port, target } = record
      return { priority, weight, port, target: `${target}.` }
    }
    case 'TXT':
      return { strings: toStrings(record.text) }
  }
}
