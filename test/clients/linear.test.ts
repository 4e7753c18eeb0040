/**
 * The models of mail programs, and what doctor reads of documents, take linear time for whatever a document repeats.
 */
import t from 'tap'
import { clients } from '../../src/clients/index.ts'
import type { World } from '../../src/clients/model/world.ts'
import { address } from '../support/clients/plain-document.ts'
import { cpuMs } from '../support/cpu-time.ts'
import { craftedDocuments } from '../support/crafted-documents.ts'

const documents = craftedDocuments(64 * 1024)

/** Answers the first request alone. */
function worldOf(body: string): World {
  let asked = 0
  return {
    exchange: async () => ({ status: asked++ === 0 ? 200 : 404, headers: { 'content-type': 'text/xml' }, body }),
    dns: { mx: async () => [], srv: async () => [], txt: async () => [], ns: async () => [], isHost: async () => false }
  }
}

for (const client of clients) {
  t.test(`${client.name}: 64 KiB of a crafted document take less than 1.5 s`, async t => {
    for (const [name, body] of documents) {
      const ms = await cpuMs(() => client.discover(address, worldOf(body)))
      if (ms >= 1500) t.fail(`${name}: ${Math.round(ms)} ms`)
    }
    t.ok(documents.size > 30)
  })
}
