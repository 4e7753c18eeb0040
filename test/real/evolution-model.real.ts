// The model of Evolution in src/clients, compared with the real one of Debian: the same server, the same network, the same addresses.

import { join } from 'node:path'
import t from 'tap'
import { evolutionOfDebian12 as model } from '../../src/clients/evolution/evolution.ts'
import type { FoundServer, FoundAccount as ModelAccount, Step } from '../../src/clients/model/client.ts'
import { sentBySteps, sentToNginx } from './models/asked.ts'
import { type EvolutionAccount, type EvolutionServer, startEvolution } from './models/evolution/evolution.ts'
import { startModelWorld } from './models/model-world.ts'
import { loginNames, lookedUpTables, modelTables } from './models/tables.ts'

const tables = [...modelTables, ...lookedUpTables]
const world = await startModelWorld(tables, { loginNames })
t.teardown(world.stop)
const evolution = await world.keep(startEvolution(join(world.directory, 'evolution'), world.trustedRoot))

for (const { title, address } of tables) {
  t.test(
    `evolution: the real program and the model send the same requests and find the same settings: ${title}`,
    async t => {
      const { result, requests, queries } = await world.observe(() => evolution.findAccount(address))
      const { account, trace } = await model.discover(address, world.network)
      t.strictSame(ofReal(result), ofModel(account), 'the account')
      t.strictSame(sentToNginx(requests), sentBySteps(trace), 'the requests, in order')
      t.strictSame(new Set(queries.filter(isOfMail)), queriesOf(trace), 'the DNS queries')
    }
  )
}

function ofModel(account: ModelAccount | undefined) {
  return account && { incoming: account.incoming, outgoing: account.outgoing }
}

/** @returns the result in the form of the model, which has no account if the person must enter one of the servers */
function ofReal({ incoming, outgoing }: EvolutionAccount) {
  if (incoming === null || outgoing === null) return undefined
  return { incoming: serverOfReal(incoming), outgoing: serverOfReal(outgoing) }
}

function serverOfReal({ backend, host, port, user, security }: EvolutionServer) {
  return { protocol: protocols.get(backend), host, port, security, username: user }
}

const protocols = new Map<string, FoundServer['protocol']>([
  ['imapx', 'imap'],
  ['pop', 'pop3'],
  ['smtp', 'smtp']
])

/** Evolution also looks for calendars, address books and LDAP servers. */
function isOfMail(query: string): boolean {
  return /^NS |^SRV _(?:imap|pop3|submission)s?\./.test(query)
}

/** Why a set: Evolution looks up SRV records while it requests documents, and repeats queries on a busy machine. */
function queriesOf(trace: readonly Step[]): Set<string> {
  return new Set(trace.filter(({ asked }) => /^(?:NS|SRV) /.test(asked)).map(({ asked }) => asked))
}
