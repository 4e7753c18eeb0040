/**
 * DNS records as a zone of octoDNS (YamlProvider): sorted relative names with one entry for each type.
 */
import { stringify } from 'yaml'
import type { DnsRecord, RecordWriter } from './record.ts'

export const writeOctodns: RecordWriter = (records, { domain, ttl }) => {
  const byName = Map.groupBy(records, ({ name }) => name.slice(0, -domain.length - 1))
  // Why: octoDNS rejects files with unsorted names (enforce_order).
  const inOrder = [...byName].sort(([a], [b]) => (a < b ? -1 : 1))
  const zone = Object.fromEntries(inOrder.map(([name, sameName]) => [name, entryOf(sameName, ttl)]))
  // Why: octoDNS reads YAML 1.1, in which more words need quotes.
  return `---\n${stringify(zone, { version: '1.1', lineWidth: 0 })}`
}

/** @returns one entry, or a list of entries if the name has records of several types */
function entryOf(records: readonly DnsRecord[], ttl: number): object {
  const entries = [...Map.groupBy(records, ({ type }) => type)].map(([type, sameType]) => {
    const [first, ...others] = sameType.map(dataOf)
    return { ttl, type, ...(others.length === 0 ? { value: first } : { values: [first, ...others] }) }
  })
  const [only, ...others] = entries
  return only === undefined || others.length > 0 ? entries : only
}

function dataOf(record: DnsRecord): unknown {
  switch (record.type) {
    case 'A':
      return record.address
    case 'CNAME':
      return `${record.target}.`
    case 'SRV': {
      const { priority, weight, port, target } = record
      return { port, priority, target: `${target}.`, weight }
    }
    case 'TXT':
      // Observed: octoDNS 1 (escaped_semicolons) rejects unescaped semicolons. It splits long texts itself.
      return record.text.replaceAll(';', '\\;')
  }
}
