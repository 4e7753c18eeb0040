import t from 'tap'
import { writeNsupdate } from '../../src/dns/nsupdate.ts'
import type { DnsRecord } from '../../src/dns/record.ts'

const options = { domain: 'example.com', ttl: 60 }

t.test('nsupdate: records replace those of the same name and type, and an alias replaces everything', async t => {
  const srv = { name: '_imaps._tcp.example.com', type: 'SRV', weight: 1, port: 993 } as const
  const records: DnsRecord[] = [
    { name: 'autoconfig.example.com', type: 'CNAME', target: 'signpost.example.net' },
    { ...srv, priority: 0, target: 'a.example' },
    { name: '_caldavs._tcp.example.com', type: 'TXT', text: 'path=/"a"' },
    { ...srv, priority: 1, target: 'b.example' },
    { name: 'signpost.example.com', type: 'A', address: '192.0.2.1' }
  ]
  t.equal(
    writeNsupdate(records, options),
    `update delete autoconfig.example.com.
update add autoconfig.example.com. 60 IN CNAME signpost.example.net.
update delete _imaps._tcp.example.com. SRV
update add _imaps._tcp.example.com. 60 IN SRV 0 1 993 a.example.
update add _imaps._tcp.example.com. 60 IN SRV 1 1 993 b.example.
update delete _caldavs._tcp.example.com. TXT
update add _caldavs._tcp.example.com. 60 IN TXT "path=/\\"a\\""
update delete signpost.example.com. A
update add signpost.example.com. 60 IN A 192.0.2.1
send
`
  )
  t.equal(writeNsupdate([], options), '')
})
