import t from 'tap'
import type { DnsRecord } from '../../src/dns/record.ts'
import { missingRecords } from '../../src/records/domain-records.ts'

t.test('missing records: an address is missing unless the name has this one', async t => {
  const look = async () => ({ records: ['192.0.2.1'], fault: undefined })
  const address = (text: string): DnsRecord => ({ name: 'signpost.example.com', type: 'A', address: text })
  const wanted = [address('192.0.2.1'), address('192.0.2.2')]
  t.same(await missingRecords(wanted, { look: look as never, servers: [] }), [address('192.0.2.2')])
})
