/**
 * The models of mail programs run in linear time, regardless of which parts a document repeats.
 */
import t from 'tap'
import { clients } from '../../src/clients/index.ts'
import type { World } from '../../src/clients/model/world.ts'
import { address } from '../support/clients/plain-document.ts'
import { superlinear } from '../support/cpu-time.ts'
import { craftedDocuments } from '../support/crafted-documents.ts'

const size = 32 * 1024
const large = craftedDocuments(size)
const small = craftedDocuments(size / 4)

/** Answers only the first request. */
function worldOf(body: string): World {
  let requests = 0
  return {
    exchange: async () => ({ status: requests++ === 0 ? 200 : 404, headers: { 'content-type': 'text/xml' }, body }),
    dns: { mx: async () => [], srv: async () => [], txt: async () => [], ns: async () => [], isHost: async () => false }
  }
}

for (const client of clients) {
  t.test(`${client.name}: the time for a crafted document is linear`, async t => {
    for (const name of large.keys()) {
      const bodyOf = (bytes: number) => (bytes === size ? large : small).get(name) ?? ''
      const run = (bytes: number) => client.discover(address, worldOf(bodyOf(bytes)))
      const growth = await superlinear(run, { size, freeMs: 100 })
      if (growth !== undefined) t.fail(`${name}: ${growth}`)
    }
    t.ok(large.size > 30)
  })
}
