// The model of Geary in src/clients, compared with the real one of Debian: the same server, the same network, the same addresses.

import { join } from 'node:path'
import t from 'tap'
import { geary as model } from '../../src/clients/geary.ts'
import type { FoundServer } from '../../src/clients/model/client.ts'
import { sentBySteps, sentToNginx } from './models/asked.ts'
import { type GearyServer, startGeary } from './models/geary/geary.ts'
import { startModelWorld } from './models/model-world.ts'
import { loginNames, lookedUpTables, modelTables } from './models/tables.ts'

const tables = [...modelTables, ...lookedUpTables]
const world = await startModelWorld(tables, { loginNames })
t.teardown(world.stop)
const geary = await world.keep(startGeary(join(world.directory, 'geary'), world.trustedRoot))

for (const { title, address } of tables) {
  t.test(
    `geary: the real program and the model send the same requests and find the same settings: ${title}`,
    async t => {
      const { result, requests } = await world.observe(() => geary.findAccount(address))
      const { account, trace } = await model.discover(address, world.network)
      t.strictSame(
        result && { incoming: serverOf('imap', result.incoming), outgoing: serverOf('smtp', result.outgoing) },
        account === undefined ? null : { incoming: account.incoming, outgoing: account.outgoing },
        'the account'
      )
      t.strictSame(sentToNginx(requests), sentBySteps(trace), 'the requests, in order')
    }
  )
}

/** Why without a name: Geary logs in with the address. */
function serverOf(protocol: 'imap' | 'smtp', { host, port, security }: GearyServer): FoundServer {
  return { protocol, host, port: Number(port), security, username: undefined }
}
