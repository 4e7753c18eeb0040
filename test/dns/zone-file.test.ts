import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import type { DnsRecord } from '../../src/dns/record.ts'
import { writeZonefile } from '../../src/dns/zone-file.ts'
import { anyRecords } from '../support/dns/any-records.ts'
import { readZonefile } from '../support/dns/read-zonefile.ts'

const options = { domain: 'example.com', ttl: 60 }

/** What a zone file has for a record. */
function dataOf(record: DnsRecord): unknown {
  switch (record.type) {
    case 'CNAME':
      return [`${record.target}.`]
    case 'SRV':
      return [record.priority, record.weight, record.port, `${record.target}.`].map(String)
    case 'TXT':
      return record.text
  }
}

t.test('writes absolute names, one record per line, in columns', async t => {
  const records: DnsRecord[] = [
    { name: 'autoconfig.example.com', type: 'CNAME', target: 'signpost.example.net' },
    { name: '_imaps._tcp.example.com', type: 'SRV', priority: 0, weight: 1, port: 993, target: 'imap.example.com' },
    { name: '_imap._tcp.example.com', type: 'SRV', priority: 0, weight: 0, port: 0, target: '' },
    { name: '_caldavs._tcp.example.com', type: 'TXT', text: 'path=/' }
  ]
  t.equal(
    writeZonefile(records, options),
    `autoconfig.example.com.    60 IN CNAME signpost.example.net.
_imaps._tcp.example.com.   60 IN SRV   0 1 993 imap.example.com.
_imap._tcp.example.com.    60 IN SRV   0 0 0 .
_caldavs._tcp.example.com. 60 IN TXT   "path=/"
`
  )
  t.equal(writeZonefile([], options), '')
})

t.test('quotes characters that would end a string or a line, and splits long texts', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 600 }), text => {
        const [read] = readZonefile(writeZonefile([{ name: 'x.example.com', type: 'TXT', text }], options))
        return read?.data.join('') === text && read.data.every(({ length }) => length <= 255)
      })
    )
  )
})

t.test('every record of any table reads back', async t => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(anyRecords, ({ records, domain }) => {
        const read = readZonefile(writeZonefile(records, { domain, ttl: 3600 }))
        return isDeepStrictEqual(
          read.map(({ name, ttl, type, data }) => [name, ttl, type, type === 'TXT' ? data.join('') : data]),
          records.map(record => [`${record.name}.`, 3600, record.type, dataOf(record)])
        )
      })
    )
  )
})
