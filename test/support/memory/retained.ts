/**
 * A process that sends requests of the maximum size to a service, each with unique contents, and
 * prints how many bytes of each remain in memory: `node --expose-gc test/support/memory/retained.ts`.
 */
import { pino } from 'pino'
import { createApp } from '../../../src/app.ts'
import { readRows } from '../../../src/directories/row-reader.ts'
import { createTally } from '../../../src/http/log/tally.ts'
import { type DirectoryEntry, entryReading } from '../../../src/lookups/directory-entry.ts'
import { createDirectoryLookup } from '../../../src/lookups/directory-lookup.ts'
import { createLookupCache } from '../../../src/lookups/lookup-cache.ts'
import { openMxLookup } from '../../../src/lookups/mx-lookup.ts'
import { toCache } from '../../../src/settings/lookup-defaults.ts'
import { createSource, type Source } from '../../../src/sources/source.ts'
import { createClient } from '../../bench/cost-measure.ts'
import { fixed } from '../fixed.ts'
import { tableOf } from '../table-of.ts'

const count = 200
const urlBytes = 7_000
const headerBytes = 14_000

const logger = pino({ level: 'silent' })

const flat = (...parts: string[]) => parts.join('')
const domainOf = (turn: number) => `customer-number-${turn}.customers.example`
const query = (name: string, value: string) => flat('?x=', 'x'.repeat(urlBytes), `&${name}=`, value)

const settings = (more = '', domains: readonly string[] = []) => `${more}
http: { trustProxy: [127.0.0.1] }
limits: { urlBytes: 16384, headerBytes: 65536, overload: { delayMilliseconds: 0 } }
providers:
  - id: example
    name: Example Mail
    domains: ${JSON.stringify(['example.com', ...domains])}
    mx: [mx.example.com]
    servers: [{ protocol: imap, host: imap.example.com }, { protocol: smtp, host: smtp.example.com }]
`

type App = ReturnType<typeof createApp>

interface TurnRequest {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
}

const appOf = (source: Source, more: Partial<Parameters<typeof createApp>[0]> = {}) =>
  createApp({ source, logger, ...more })

const plainTable = () => createSource({ table: tableOf(settings()) })

/** @returns functions that create requests for a turn, by what they might leave in memory */
const scenarios: Readonly<Record<string, () => (turn: number) => Promise<unknown> | unknown>> = {
  'nothing, for comparison': () => requestsTo(appOf(plainTable()), () => ({ url: '/nothing' })),
  'clients by X-Forwarded-For': () =>
    requestsTo(appOf(plainTable()), turn => ({
      url: '/nothing',
      headers: {
        'x-forwarded-for': flat('1'.repeat(headerBytes), `, 2001:db8:${turn.toString(16)}:1111:2222:3333:4444:5555`)
      }
    })),
  'IPv4 clients by X-Forwarded-For': () =>
    requestsTo(appOf(plainTable()), turn => ({
      url: '/nothing',
      headers: {
        'x-forwarded-for': flat(
          '1'.repeat(headerBytes),
          `, 203.100.${100 + Math.floor(turn / 100)}.${100 + (turn % 100)}`
        )
      }
    })),
  'user agents': () =>
    requestsTo(appOf(plainTable()), turn => ({ url: '/nothing', headers: { 'user-agent': `Evolution/${turn}` } })),
  'long user agents': () =>
    requestsTo(appOf(plainTable()), turn => ({
      url: '/nothing',
      headers: { 'user-agent': flat(`Evolution/${turn} `, 'x'.repeat(headerBytes)) }
    })),
  'hosts in absolute form': () =>
    requestsTo(appOf(plainTable()), turn => ({ url: flat(`http://${domainOf(turn)}/`, 'x'.repeat(urlBytes)) })),
  'metrics by domain': () => {
    const table = tableOf(
      settings(
        '',
        Array.from({ length: 2 * count }, (_, turn) => domainOf(turn))
      )
    )
    const app = appOf(createSource({ table }), { tally: createTally(() => table) })
    return requestsTo(app, turn => ({ url: `/mail/config-v1.1.xml${query('emailaddress', `a@${domainOf(turn)}`)}` }))
  },
  'metrics by pattern': () => {
    const table = tableOf(
      settings(
        '',
        Array.from({ length: 2 * count }, (_, turn) => `*.${domainOf(turn)}`)
      )
    )
    const app = appOf(createSource({ table }), { tally: createTally(() => table) })
    return requestsTo(app, turn => ({ url: `/mail/config-v1.1.xml${query('emailaddress', `a@a.${domainOf(turn)}`)}` }))
  },
  'domains of a directory': () => {
    const cache = createLookupCache<DirectoryEntry>(async () => undefined, { settingsOf: fixed(toCache(undefined)) })
    const tables = plainTable()
    const lookUps = [createDirectoryLookup(tables, { cache, logger })]
    return requestsTo(appOf(createSource(tables, { lookUps })), turn => ({
      url: `/mail/config-v1.1.xml${query('emailaddress', `a@${domainOf(turn)}`)}`
    }))
  },
  'hosts that are looked up in a directory': () => {
    const cache = createLookupCache<DirectoryEntry>(async () => undefined, { settingsOf: fixed(toCache(undefined)) })
    const tables = plainTable()
    const lookUps = [createDirectoryLookup(tables, { cache, logger })]
    return requestsTo(appOf(createSource(tables, { lookUps })), turn => ({
      url: flat(`http://${domainOf(turn)}/mail/config-v1.1.xml?`, 'x'.repeat(urlBytes))
    }))
  },
  'domains without name servers': () => {
    const table = tableOf(settings('mxLookup: { resolvers: ["127.0.0.1:9"] }'))
    const { lookUp } = openMxLookup({ table })
    return requestsTo(appOf(createSource({ table }, { lookUps: [lookUp] })), turn => ({
      url: `/mail/config-v1.1.xml${query('emailaddress', `a@${domainOf(turn)}`)}`
    }))
  },
  users: () => {
    const table = tableOf(
      settings(
        'users: { type: sqlite, file: users.sqlite, query: "SELECT c AS address, a AS username FROM b WHERE c = :address" , unknown: "u######" }'
      )
    )
    const source = createSource(
      { table },
      { loginOf: async () => ({ lookedUpNames: { username: 'u123456789012345' } }) }
    )
    return requestsTo(appOf(source), turn => ({
      url: `/mail/config-v1.1.xml${query('emailaddress', `jane.doe.${turn}@example.com`)}`
    }))
  },
  'rows of a directory': () => {
    const directory = createLookupCache(
      async domain => readRows([{ domain, provider: `${domain} id`.padEnd(headerBytes) }], domain, entryReading),
      { settingsOf: fixed(toCache(undefined)) }
    )
    return turn => directory.find(domainOf(turn))
  }
}

function requestsTo(app: App, request: (turn: number) => TurnRequest) {
  let client: ReturnType<typeof createClient> | undefined
  return async (turn: number) => {
    client ??= await connectTo(app)
    const { url, headers = {} } = request(turn)
    const lines = Object.entries({ host: 'autoconfig.example.com', ...headers }).map(each => each.join(': '))
    const status = await client.ask(Buffer.from([`GET ${url} HTTP/1.1`, ...lines, '', ''].join('\r\n')))
    if (status !== '200' && status !== '404') throw new Error(`${url.slice(0, 80)}: ${status}`)
  }
}

async function connectTo(app: App) {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const [place] = app.addresses()
  return createClient(typeof place === 'object' ? place.port : 0)
}

const { gc } = globalThis
if (gc === undefined) throw new Error('run it with --expose-gc')

/** Why a pause: work that a request has scheduled may still refer to it. */
async function heapUsed(collect: () => void): Promise<number> {
  await new Promise(resolve => setTimeout(resolve, 20))
  collect()
  collect()
  return process.memoryUsage().heapUsed
}

const retained: Record<string, number> = {}
for (const [name, open] of Object.entries(scenarios)) {
  const ask = open()
  let turn = 0
  while (turn < 50) await ask(turn++)
  const before = await heapUsed(gc)
  while (turn < 50 + count) await ask(turn++)
  retained[name] = Math.round(((await heapUsed(gc)) - before) / count)
}
process.stdout.write(`${JSON.stringify(retained)}\n`)
process.exit()
