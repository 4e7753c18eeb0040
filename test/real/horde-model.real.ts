// Horde's library for autoconfiguration and its model find the same settings: the same server, the same network, the same addresses.

import t from 'tap'
import { hordeOfDebian12 as model } from '../../src/clients/horde.ts'
import type { FoundServer } from '../../src/clients/model/client.ts'
import { askedByProgram, askedBySteps } from './models/asked.ts'
import { type HordeServer, openHorde } from './models/horde/horde.ts'
import { startLoginRecorder } from './models/login-recorder.ts'
import { mailHostsOf, startModelWorld } from './models/model-world.ts'
import { loginNames, lookedUpTables, modelTables } from './models/tables.ts'

/** Titles of tables for which Horde guesses a server. */
const guessed = new Set([
  'U-labels without any name',
  'capital letters without any name',
  'Autodiscover only',
  'Autodiscover only, with STARTTLS',
  'Autodiscover by SRV only',
  'no name of the domain',
  'no dialect',
  'SRV records only',
  'SRV records without any name',
  'SRV records for POP3',
  'a customer’s domain with the mail exchanger of a hoster',
  'a customer’s domain with the name server of a hoster',
  'a domain that is not served'
])

const tables = [...modelTables, ...lookedUpTables]
const mailHosts = mailHostsOf(tables)
const world = await startModelWorld(tables, { mailHosts, loginNames })
t.teardown(world.stop)
const recorder = await startLoginRecorder(world.keep, {
  certificate: await world.authority.issue(mailHosts),
  verdict: 'accepted'
})
const horde = await world.keep(openHorde(world.trustedRoot))

for (const [index, { title, address }] of tables.entries()) {
  t.test(`horde: the library and its model find the same settings: ${title}`, async t => {
    const password = `password-${index}`
    const logins = recorder.expect(password)
    const { result, requests, queries } = await world.observe(() => horde.discover(address, password))
    const { incoming, outgoing, drivers } = result
    const { account, trace } = await model.discover(address, world.network)
    t.equal(drivers.includes('Guess'), guessed.has(title), 'guessing by the program')
    t.equal(account === undefined, guessed.has(title), 'guessing by the model')

    if (account !== undefined) {
      t.same(toFound(incoming), account.incoming, 'the incoming server')
      t.same(toFound(outgoing), account.outgoing, 'the outgoing server')
      t.same(logins, [account.incoming, account.outgoing].map(withoutHost), 'the logins')
    }
    t.same(askedByProgram(requests), askedBySteps(trace), 'the requests, in order')
    const services = trace.map(({ asked }) => asked).filter(isService)
    t.same([...new Set(queries.filter(isService))], services, 'the SRV records that it looks up, in order')
  })
}

function isService(query: string): boolean {
  return query.startsWith('SRV ')
}

/** @returns the same in the form of the model */
function toFound(server: HordeServer | null): FoundServer | undefined {
  if (server === null) return undefined
  const { type, host, port, tls, username } = server
  return { protocol: type === 'msa' ? 'smtp' : type, host, port, security: tls === false ? 'none' : tls, username }
}

function withoutHost(server: FoundServer | undefined): Omit<FoundServer, 'host'> | undefined {
  if (server === undefined) return undefined
  const { host: _, ...login } = server
  return login
}
