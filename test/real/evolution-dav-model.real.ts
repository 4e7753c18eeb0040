// Calendars and address books that a real Evolution finds from an address, with a real Radicale behind Signpost, compared with its
// model.

import t from 'tap'
import type { DavService } from '../../src/clients/dav/dav-client.ts'
import { evolutionDav as model } from '../../src/clients/dav/evolution-dav.ts'
import { bothServices, compareDavDiscovery, type DavProgram } from './models/dav-comparison.ts'
import { davTables } from './models/dav-tables.ts'
import { startDavServers } from './models/dav-world.ts'
import { type EvolutionUrls, startEvolution } from './models/evolution/evolution.ts'
import { createStage } from './stage.ts'

/** Services that Evolution finds, by the title of the table. Default: both. */
const finds = new Map<string, DavService[]>([
  ['calendars alone', ['caldav']],
  ['address books alone', ['carddav']],
  ['neither', []],
  ['a domain without a host', []],
  ['a website that answers everything', []],
  ['an SRV record with a host that does not answer', []]
])

// Spec: RFC 2782: weights are probabilities. Why not tested: GLib really chooses at random.
const tables = davTables.filter(({ title }) => title !== 'the highest weight')

const stage = await createStage('evolution-dav')
t.teardown(stage.stop)
const servers = await startDavServers(stage, davTables)
const evolution = await stage.keep(startEvolution(stage.within('evolution'), servers.trustedRoot))

for (const { title, address } of tables) {
  t.test(
    `evolution: the real program and the model send the same requests and find the same settings: ${title}`,
    async t => {
      const program = programOf(await evolution.findUrls(address, servers.password))
      await compareDavDiscovery(t, { ...servers, program }, { address, finds: finds.get(title) ?? bothServices })
    }
  )
}

/** @param urls those of the account that the assistant creates; without one, libedataserver finds nothing from the domain */
function programOf(urls: EvolutionUrls): DavProgram {
  return {
    ...{ model, agent: 'Evolution' },
    async find(service, user, password) {
      const domain = user.slice(user.lastIndexOf('@') + 1)
      const found = await evolution.findCollections(service, urls[service] ?? `https://${domain}`, { user, password })
      return urls[service] === null ? [] : found
    }
  }
}
