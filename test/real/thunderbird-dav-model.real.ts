// Thunderbird's calendars and address books, found from an address, with a real Radicale behind Signpost: the model compared with the
// real program.

import t from 'tap'
import type { DavService } from '../../src/clients/dav/dav-client.ts'
import { bothServices, compareDavDiscovery } from './models/dav-comparison.ts'
import { davTables } from './models/dav-tables.ts'
import { startDavServers } from './models/dav-world.ts'
import { createStage } from './stage.ts'
import { davOfThunderbird, startThunderbird } from './thunderbird.ts'

/** Services that Thunderbird finds, by the title of the table. Default: both. */
const finds = new Map<string, DavService[]>([
  ['a redirect to another host', []],
  ['calendars alone', ['caldav']],
  ['address books alone', ['carddav']],
  ['neither', []],
  ['a domain without a host', []],
  ['a website that answers everything', []],
  ['a well-known URL that is forbidden', ['carddav']],
  ['a redirect to another host that has no server', ['caldav']],
  ['a TXT record with a path that leads to another host', []],
  ['an SRV record with a host that does not answer', []],
  ['an SRV record that says that there is no service', []]
])

const stage = await createStage('thunderbird-dav')
t.teardown(stage.stop)
const servers = await startDavServers(stage, davTables)
const starting = startThunderbird(stage.within('thunderbird'), servers.trustedRoot, 'https://ispdb.invalid/')
const program = davOfThunderbird(await stage.keep(starting))

for (const { title, address } of davTables) {
  t.test(`thunderbird: the real program and the model send the same requests and find the same: ${title}`, t =>
    compareDavDiscovery(t, { ...servers, program }, { address, finds: finds.get(title) ?? bothServices })
  )
}
