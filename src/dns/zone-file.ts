/**
 * DNS records as a zone file (BIND and others): RFC 1035 5.1. Names are absolute, so that the file can be included anywhere.
 */
import { type DnsRecord, type RecordWriter, toStrings } from './record.ts'

export const writeZonefile: RecordWriter = (records, { ttl }) => {
  const names = records.map(({ name }) => `${name}.`)
  const width = Math.max(0, ...names.map(({ length }) => length))
  return records
    .map((record, index) => `${names[index]?.padEnd(width)} ${ttl} IN ${record.type.padEnd(5)} ${recordData(record)}\n`)
    .join('')
}

/** @returns the data of a record in the notation of zone files, with absolute names */
export function recordData(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
      return record.address
    case 'CNAME':
      return `${record.target}.`
    case 'SRV':
      return `${record.priority} ${record.weight} ${record.port} ${record.target}.`
    case 'TXT':
      return toStrings(record.text).map(quote).join(' ')
  }
}

/** Spec: RFC 1035 5.1: `\X` is the character X, `\DDD` is the octet with this decimal number. */
function quote(text: string): string {
  const escaped = text
    .replace(/["\\]/g, character => `\\${character}`)
    .replace(/[^ -~]/g, character => `\\${String(character.charCodeAt(0)).padStart(3, '0')}`)
  return `"${escaped}"`
}
