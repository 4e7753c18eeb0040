// Run by addresses-in-memory.test.ts in a separate process with --expose-gc. Serves all kinds of requests for an address over
// real connections, collects garbage, and prints which addresses a heap snapshot still contains, as JSON.

import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { getHeapSnapshot } from 'node:v8'
import type { Logger } from 'pino'
import { createApp } from '../../../src/app.ts'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { createTally } from '../../../src/http/log/tally.ts'
import { openUserLookup } from '../../../src/lookups/user-lookup.ts'
import type { Table } from '../../../src/settings/table.ts'
import { createSource, type Source } from '../../../src/sources/source.ts'
import { issue } from '../certificates.ts'
import { type PersonalRequest, personalRequests } from '../personal-requests.ts'
import { exampleSettings } from '../served-app.ts'
import { tableOf } from '../table-of.ts'

export interface Remains {
  /** Number of responses by status. */
  readonly statuses: Readonly<Record<string, number>>
  /** The requests whose address is still in memory. */
  readonly found: readonly string[]
}

const domains = ['example.com', 'xn--bcher-kva.example', 'a.customers.example', 'other.example']
const rounds = 2
const limits = 'limits: { overload: { delayMilliseconds: 0 } }'
const folder = mkdtempSync(join(tmpdir(), 'addresses-'))
const users = `
users:
  type: sqlite
  file: ${join(folder, 'users.sqlite')}
  query: SELECT address, login AS username FROM mailbox WHERE address = :address
  unknown: "u#######"`

/** Additional settings. */
const variants = {
  unsigned: '',
  signed: 'signing: { certificate: chain.pem, key: key.pem }',
  'with login names': users
}

/** A marker that no code splits into two strings. */
const marked = /zq(\d+)zq/g

const kinds: string[] = []
const statuses: Record<string, number> = {}

// Why: proves that an address in memory is found.
const held = new Map([[mark('held'), true]])

for (const [variant, settings] of Object.entries(variants)) {
  const port = await serve(`${limits}\n${settings}${exampleSettings}`)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  await askAboutEachAddress(variant, port, agent)
  // Why: the parser, the connection and V8's last match of a regular expression hold the previous request.
  for (const { method, url } of Object.values(personalRequests('nobody@example.com'))) {
    await ask({ method, url, payload: ' '.repeat(400) }, port, agent)
  }
}
// Why several times: the log waits 250 ms for more lines, and a connection holds its last requests for a second or two.
let found = await addressesInMemory()
for (let turn = 0; turn < 10 && found.length > 1; turn++) found = await addressesInMemory()

process.stdout.write(JSON.stringify({ statuses, found } satisfies Remains), () => {
  held.clear()
  rmSync(folder, { recursive: true })
  process.exit()
})

/** @returns the requests of all addresses that are found half a second later */
async function addressesInMemory(): Promise<string[]> {
  await sleep(500)
  await globalThis.gc?.({ type: 'major', execution: 'async' })
  await globalThis.gc?.({ type: 'major', execution: 'async' })
  const numbers = (await text(getHeapSnapshot())).matchAll(marked)
  return [...new Set(Array.from(numbers, ([, number]) => kinds[Number(number)] ?? ''))].sort()
}

/** @returns a unique local part */
function mark(kind: string): string {
  return `zq${kinds.push(kind) - 1}zq`
}

async function askAboutEachAddress(variant: string, port: number, agent: Agent): Promise<void> {
  for (const domain of domains) {
    for (let round = 0; round < rounds; round++) {
      for (const kind of Object.keys(personalRequests(''))) {
        const request = personalRequests(`${mark(`${kind} at ${domain}, ${variant}`)}@${domain}`)[kind]
        if (request !== undefined) await ask(request, port, agent)
      }
    }
  }
}

async function serve(settings: string): Promise<number> {
  const table = tableOf(settings)
  const { certificate, key } = issue('signpost.example.net')
  const pair = { chain: [certificate] as const, key, name: '', notBefore: 0, notAfter: Number.POSITIVE_INFINITY }
  const logger = createLogger(undefined, { write: () => undefined })
  const app = createApp({
    source: await sourceOfUsers(table, logger),
    logger,
    signing: { keyAt: () => pair },
    tally: createTally(() => table)
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return (app.server.address() as AddressInfo).port
}

/** @returns only the table if its settings have no users */
async function sourceOfUsers(table: Table, logger: Logger): Promise<Source> {
  if (table.settings.users === undefined) return createSource({ table })
  const database = new DatabaseSync(join(folder, 'users.sqlite'))
  database.exec('CREATE TABLE mailbox (address TEXT PRIMARY KEY, login TEXT)')
  database.close()
  const env = { SIGNPOST_USERS_SECRET: 'no more than a test' }
  const options = { file: join(folder, 'signpost.yaml'), logger, env }
  return createSource({ table }, await openUserLookup({ table }, table.settings.users, options))
}

async function ask({ method, url, payload }: PersonalRequest, port: number, agent: Agent): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const headers = { host: 'autoconfig.example.com', 'user-agent': 'Thunderbird' }
  const sent = request({ host: '127.0.0.1', port, method, path: url, agent, headers }, response => {
    statuses[String(response.statusCode)] = (statuses[String(response.statusCode)] ?? 0) + 1
    response.resume().on('end', resolve)
  })
  sent.on('error', reject).end(payload)
  await promise
}
