import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { parse } from 'yaml'
import { writeOctodns } from '../../src/dns/octodns.ts'
import type { DnsRecord } from '../../src/dns/record.ts'
import { anyRecords } from '../support/dns/any-records.ts'

interface Entry {
  readonly ttl: number
  readonly type: string
  readonly value?: unknown
  readonly values?: readonly unknown[]
}

/** As octoDNS reads it: YAML 1.1, escaped semicolons. */
function readBack(text: string, domain: string): DnsRecord[] {
  const zone: Record<string, Entry | Entry[]> = parse(text, { version: '1.1' })
  return Object.entries(zone).flatMap(([label, entries]) =>
    [entries].flat().flatMap(({ type, value, values = [value] }) =>
      values.map(each => {
        const data =
          type === 'TXT' ? { text: String(each).replaceAll('\\;', ';') } : type === 'SRV' ? each : { target: each }
        return { name: `${label}.${domain}`, type, ...(data as object) } as DnsRecord
      })
    )
  )
}

const keyOf = (record: DnsRecord) => JSON.stringify(Object.entries(record).sort())
const sorted = (records: readonly DnsRecord[]) => records.map(keyOf).sort()

t.test('every record of any table reads back in order', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(anyRecords, ({ records, domain }) => {
        const text = writeOctodns(records, { domain, ttl: 60 })
        const labels = Object.keys(parse(text))
        const absolute = records.map(record =>
          'target' in record ? { ...record, target: `${record.target}.` } : record
        )
        return (
          isDeepStrictEqual(sorted(readBack(text, domain)), sorted(absolute)) &&
          isDeepStrictEqual(labels, labels.toSorted())
        )
      })
    )
  )
})

t.test('writes several records of one type as values, and records of several types as a list', async t => {
  const record = { name: '_caldavs._tcp.example.com', type: 'SRV', priority: 0, weight: 1, port: 443 } as const
  const records = [
    { ...record, target: 'a.example' },
    { ...record, target: 'b.example', priority: 1 },
    { name: record.name, type: 'TXT', text: 'path=/a;b' },
    { name: 'no.example.com', type: 'TXT', text: 'no' }
  ] as const
  t.equal(
    writeOctodns(records, { domain: 'example.com', ttl: 60 }),
    `---
_caldavs._tcp:
  - ttl: 60
    type: SRV
    values:
      - port: 443
        priority: 0
        target: a.example.
        weight: 1
      - port: 443
        priority: 1
        target: b.example.
        weight: 1
  - ttl: 60
    type: TXT
    value: path=/a\\;b
"no":
  ttl: 60
  type: TXT
  value: "no"
`
  )
})
