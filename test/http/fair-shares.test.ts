/**
 * Clients that keep many lookups busy do not block the lookups of other clients.
 */

import { DatabaseSync } from 'node:sqlite'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import type { DirectoryEntry } from '../../src/lookups/directory-entry.ts'
import { createDirectoryLookup } from '../../src/lookups/directory-lookup.ts'
import { createLookupCache } from '../../src/lookups/lookup-cache.ts'
import { openMxLookup } from '../../src/lookups/mx-lookup.ts'
import { openUserLookup } from '../../src/lookups/user-lookup.ts'
import { toCache } from '../../src/settings/lookup-defaults.ts'
import { createSource } from '../../src/sources/source.ts'
import { fixed } from '../support/fixed.ts'
import { respond, startDnsServer } from '../support/network/dns-server.ts'
import { readableLog } from '../support/readable-log.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const settings = (more = '') => `
http: { trustProxy: [127.0.0.1] }
limits: { overload: { delayMilliseconds: 0 } }
${more}
providers:
  - id: example
    name: Example Mail
    domains: [example.com]
    mx: [mx.example.com]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
`

/** Sixty requests each, which is below the limit for a client. */
const busyClients = ['203.0.113.1', '198.51.100.1']
const requestsEach = 60

/** Two addresses far apart, and one in the network of a busy client. */
const otherClients = ['192.0.2.1', '2001:db8::1', '203.0.113.2']

interface AddressRequest {
  readonly client: string
  readonly address: string
}

async function ask(app: FastifyInstance, { client, address }: AddressRequest): Promise<number> {
  const { statusCode } = await app.inject({
    url: `/api/settings?email=${encodeURIComponent(address)}`,
    headers: { host: 'api.invalid', 'x-forwarded-for': client },
    remoteAddress: '127.0.0.1'
  })
  return statusCode
}

/**
 * @param nameOf addresses that the busy clients request, whose lookups are slow
 * @param known existing addresses. Each of the other clients requests one of them.
 */
async function otherClientsGet(
  app: FastifyInstance,
  { nameOf, known }: { nameOf: (turn: number) => string; known: (turn: number) => string }
): Promise<number[]> {
  let turn = 0
  const busy: Promise<number>[] = []
  for (const client of busyClients) {
    for (let time = 0; time < requestsEach; time++) busy.push(ask(app, { client, address: nameOf(turn++) }))
  }
  const answers: number[] = []
  for (const client of otherClients) answers.push(await ask(app, { client, address: known(turn++) }))
  return answers
}

t.test('fair shares: domains with dead name servers leave MX lookups for other clients', async t => {
  const exchanger = { type: 'MX' as const, ttl: 300, preference: 10, exchange: 'mx.example.com' }
  const server = await startDnsServer(query =>
    query.name.toLowerCase().startsWith('dead')
      ? undefined
      : respond(query, { answers: [{ ...exchanger, name: query.name }] })
  )
  t.teardown(server.stop)
  const table = tableOf(settings(`mxLookup: { resolvers: ["${server.place}"], timeoutMilliseconds: 2000 }`))
  const { app } = serveApp(t, createSource({ table }, { lookUps: [openMxLookup({ table }).lookUp] }))
  const answers = await otherClientsGet(app, {
    nameOf: turn => `jane@dead-${turn}.example`,
    known: turn => `jane@alive-${turn}.example`
  })
  t.same(answers, [200, 200, 200])
})

t.test('fair shares: slow queries leave queries of the directory for other clients', async t => {
  const entry: DirectoryEntry = { provider: 'example', overrides: undefined, key: 'example' }
  const never = new Promise<undefined>(() => undefined)
  const find = (domain: string) => (domain.startsWith('slow') ? never : Promise.resolve(entry))
  const cache = createLookupCache<DirectoryEntry>(find, { settingsOf: fixed(toCache({ lookups: 50 })) })
  const { logger } = readableLog()
  const tables = { table: tableOf(settings()) }
  const lookUps = [createDirectoryLookup(tables, { cache, logger })]
  const { app } = serveApp(t, createSource(tables, { lookUps }))
  const answers = await otherClientsGet(app, {
    nameOf: turn => `jane@slow-${turn}.example`,
    known: turn => `jane@customer-${turn}.example`
  })
  t.same(answers, [200, 200, 200])
})

t.test('fair shares: many queries for users leave queries for other clients', async t => {
  const { source, close } = await usersOf(t)
  t.teardown(close)
  const { app } = serveApp(t, source)
  const address = (turn: number) => `jane.${turn}@example.com`
  t.same(await otherClientsGet(app, { nameOf: address, known: address }), [200, 200, 200])
})

async function usersOf(t: Test) {
  const folder = t.testdir({})
  const database = new DatabaseSync(`${folder}/users.sqlite`)
  database.exec('CREATE TABLE mailbox (address TEXT PRIMARY KEY, login TEXT)')
  database.close()
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  const users = `users: { type: sqlite, file: users.sqlite, unknown: "u#######", query: "${query}" }`
  const table = tableOf(settings(`cache: { lookups: 50 }\n${users}`))
  if (table.settings.users === undefined) throw new Error('there are no users')
  const { loginOf, directory } = await openUserLookup({ table }, table.settings.users, {
    file: `${folder}/signpost.yaml`,
    logger: readableLog().logger,
    env: { SIGNPOST_USERS_SECRET: 'no more than a test' }
  })
  return { source: createSource({ table }, { loginOf }), close: directory.close }
}
