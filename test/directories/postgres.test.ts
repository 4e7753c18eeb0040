import { EventEmitter } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { DirectoryFailure, OnChange } from '../../src/directories/directory.ts'
import {
  openPostgres as openRows,
  type PostgresDriver,
  type PostgresOptions,
  postgresFailure
} from '../../src/directories/postgres.ts'
import { listenForChanges } from '../../src/directories/postgres-notifications.ts'
import { readDirectory } from '../../src/directories/row-reader.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import type { SqlQuery } from '../../src/settings/query/sql-query.ts'
import { hasNone } from '../support/has-none.ts'
import { matchLists } from '../support/match-lists.ts'

const parts = ['SELECT domain, provider FROM domain WHERE name = ', ' OR alias = ', '']
const server = {
  host: 'db.example.net',
  isSocket: false,
  port: 5432,
  database: 'mail',
  user: 'signpost',
  password: () => 'hunter2' as string | undefined,
  tls: { host: 'db.example.net', rejectUnauthorized: true } as const
}

const openPostgres = (query: SqlQuery, options: PostgresOptions) =>
  readDirectory(openRows(query, options), entryReading)

interface Fake {
  readonly configs: Record<string, unknown>[]
  readonly queries: unknown[]
  readonly releases: unknown[]
  readonly pool: EventEmitter
  readonly client: EventEmitter
  readonly connection: EventEmitter
  waiting: number
  ended: boolean
}

interface FakeOptions {
  readonly rows?: readonly object[]
  readonly error?: Error
  /** Milliseconds until a connection is free. */
  readonly late?: number
}

/** A fake of the package pg. */
function fakePg({ rows = [], error, late = 0 }: FakeOptions = {}): {
  readonly driver: PostgresDriver
  readonly fake: Fake
} {
  const client = Object.assign(new EventEmitter(), {
    async query(query: unknown) {
      fake.queries.push(query)
      if (error !== undefined) throw error
      return { fields: [{ name: 'domain' }, { name: 'provider' }], rows }
    },
    release: (how: unknown) => fake.releases.push(how)
  })
  const pool = new EventEmitter()
  const fake: Fake = {
    configs: [],
    queries: [],
    releases: [],
    pool,
    client,
    connection: new EventEmitter(),
    waiting: 0,
    ended: false
  }
  class Pool {
    on = fake.pool.on.bind(fake.pool)
    constructor(config: Record<string, unknown>) {
      fake.configs.push(config)
    }
    get waitingCount() {
      return fake.waiting
    }
    async connect() {
      await sleep(late)
      return client
    }
    async end() {
      fake.ended = true
    }
  }
  class Client {
    readonly connection = fake.connection
    constructor(config: Record<string, unknown>) {
      fake.configs.push(config)
    }
    on() {}
    async connect() {}
    async query(text: string) {
      fake.queries.push(text)
    }
    async end() {}
  }
  return { driver: { Pool, Client } as unknown as PostgresDriver, fake }
}

const columns = entryReading
const settings = { type: 'postgres', query: '', database: 'mail' } as const

t.test('postgres: sends one prepared query with the domain as its parameter, over read-only connections', async t => {
  const { driver, fake } = fakePg({ rows: [{ domain: 'A.Example', provider: 'example' }] })
  const directory = openPostgres({ parts }, { columns, settings, server, driver })
  t.match(await directory.find('a.example'), { provider: 'example' })
  t.same(fake.queries, [
    {
      name: 'signpost',
      text: 'SELECT domain, provider FROM domain WHERE name = $1 OR alias = $1',
      values: ['a.example']
    }
  ])
  const [config] = fake.configs
  t.match(config, {
    host: 'db.example.net',
    ssl: { rejectUnauthorized: true },
    max: 10,
    connectionTimeoutMillis: 10_000,
    query_timeout: 2000,
    statement_timeout: 2000,
    options: '-c default_transaction_read_only=on -c standard_conforming_strings=on',
    application_name: 'signpost'
  })
  t.equal(await (config as { password: () => Promise<string> }).password(), 'hunter2')
  hasNone(t, directory, ['watch'])
  await directory.close()
  t.ok(fake.ended)
})

t.test('postgres: no row means no answer; TLS and password are optional', async t => {
  const { driver, fake } = fakePg()
  const clear = { ...server, tls: undefined, password: () => undefined }
  const directory = openPostgres(
    { parts },
    { columns, settings: { ...settings, connections: 3, timeoutMilliseconds: 500 }, server: clear, driver }
  )
  t.equal(await directory.find('a.example'), undefined)
  matchLists(t, fake.configs, [{ ssl: false, max: 3, query_timeout: 500 }])
  t.equal(await (fake.configs[0] as { password: () => Promise<string> }).password(), '')
})

t.test('postgres: an error of a connection is handled, whether it is idle or in use', async t => {
  const { driver, fake } = fakePg()
  openPostgres({ parts }, { columns, settings, server, driver })
  const lost = new Error('terminating connection due to administrator command')
  t.doesNotThrow(() => fake.pool.emit('error', lost), 'an idle connection')
  fake.pool.emit('connect', fake.client)
  t.doesNotThrow(() => fake.client.emit('error', lost), 'a connection in use')
})

t.test('postgres: a connection with an error is not used again', async t => {
  const { driver, fake } = fakePg({ error: new Error('Query read timeout') })
  const directory = openPostgres({ parts }, { columns, settings, server, driver })
  await t.rejects(directory.find('a.example'), { code: 'unknown', isRefusal: false, driverText: undefined })
  t.same(fake.releases, [true])
})

t.test('postgres: a connection is kept after a question that the server refuses', async t => {
  const error = Object.assign(new Error('invalid byte sequence'), { code: '22021', severity: 'ERROR' })
  const { driver, fake } = fakePg({ error })
  const directory = openPostgres({ parts }, { columns, settings, server, driver })
  await t.rejects(directory.find('a.example'), { code: '22021', isRefusal: true })
  t.same(fake.releases, [false])
})

t.test('postgres: a question that waited too long for a connection is not sent', async t => {
  const { driver, fake } = fakePg({ late: 20 })
  const directory = openPostgres(
    { parts },
    { columns, settings: { ...settings, timeoutMilliseconds: 10 }, server, driver }
  )
  await t.rejects(directory.find('a.example'), { code: 'no-free-connection' })
  t.same(fake.queries, [])
  t.same(fake.releases, [undefined])
})

t.test('postgres: at most a thousand questions wait for a connection', async t => {
  const { driver, fake } = fakePg()
  const directory = openPostgres({ parts }, { columns, settings, server, driver })
  fake.waiting = 1000
  await t.rejects(directory.find('a.example'), { code: 'too-many-waiting' })
})

t.test('postgres: with a channel, changes are received on a separate connection', async t => {
  const { driver, fake } = fakePg()
  const directory = openPostgres({ parts }, { columns, settings: { ...settings, channel: 'signpost' }, server, driver })
  const notified: (string | undefined)[] = []
  await new Promise<void>(resolve => {
    directory.watch?.(domain => {
      notified.push(domain)
      resolve()
    })
  })
  t.same(fake.queries, ['LISTEN "signpost"'])
  t.equal(fake.configs.length, 2)
  hasNone(t, fake.configs[1], ['max'])
  t.same(notified, [undefined])
  await directory.close()
})

/** A connection that the test controls. */
class Connection extends EventEmitter {
  readonly queries: string[] = []
  isEnded = false
  refuses = false
  isDead = false
  async connect() {
    if (this.refuses) throw new Error('ECONNREFUSED')
  }
  async query(text: string) {
    if (this.isDead) throw new Error('Query read timeout')
    this.queries.push(text)
  }
  async end() {
    this.isEnded = true
    throw new Error('already ended')
  }
}

/** A listener, and its pauses, which the test ends. */
function listen(t: Test, prepare: (connection: Connection, turn: number) => void = () => undefined) {
  const connections: Connection[] = []
  const pauses: { readonly milliseconds: number; readonly end: () => void }[] = []
  const notified: (string | undefined)[] = []
  const open = () => {
    const connection = new Connection()
    prepare(connection, connections.push(connection))
    return connection as unknown as ReturnType<Parameters<typeof listenForChanges>[0]>
  }
  const pause = (milliseconds: number, signal: AbortSignal) =>
    new Promise<void>(resolve => {
      pauses.push({ milliseconds, end: resolve })
      signal.addEventListener('abort', () => resolve())
    })
  const listening = listenForChanges(open, { channel: 'signpost', pause })
  const changed: OnChange = domain => notified.push(domain)
  const rows = { find: async () => ({ rows: [] }), close: async () => undefined, watch: listening.watch }
  readDirectory(rows, entryReading).watch?.(changed)
  t.teardown(() => listening.close())
  return { connections, pauses, notified, listening }
}

/** Waits for a few microtasks. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await undefined
}

t.test(
  'postgres notifications: the payload is the domain that has changed; without one, any may have changed',
  async t => {
    const { connections, notified } = listen(t)
    await settled()
    t.same(notified.splice(0), [undefined], 'earlier notifications were missed')
    for (const payload of ['KUNDE.example', 'bücher.example', '', undefined, 'no domain']) {
      connections[0]?.emit('notification', { channel: 'signpost', payload })
    }
    t.same(notified, ['kunde.example', 'xn--bcher-kva.example', undefined, undefined, undefined])
  }
)

t.test('postgres notifications: a lost connection is reopened, and then any domain may have changed', async t => {
  const { connections, pauses, notified } = listen(t, (connection, turn) => {
    connection.refuses = turn === 2 || turn === 3
  })
  await settled()
  connections[0]?.emit('error', new Error('ECONNRESET'))
  connections[0]?.emit('end')
  await settled()
  t.ok(connections[0]?.isEnded)
  const waits = () => pauses.splice(0).filter(({ milliseconds }) => milliseconds < 15_000)
  for (const milliseconds of [100, 200, 400]) {
    const [wait] = waits()
    t.equal(wait?.milliseconds, milliseconds)
    wait?.end()
    await settled()
  }
  t.equal(connections.length, 4)
  t.same(notified, [undefined, undefined])
  connections[3]?.emit('end')
  await settled()
  t.equal(waits()[0]?.milliseconds, 100, 'the pause is reset')
})

t.test('postgres notifications: the pause before a new connection is five seconds at most', async t => {
  const { pauses } = listen(t, connection => {
    connection.refuses = true
  })
  for (const milliseconds of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
    await settled()
    const wait = pauses.shift()
    t.equal(wait?.milliseconds, milliseconds)
    wait?.end()
  }
})

t.test('postgres notifications: the connection is checked by a heartbeat', async t => {
  const { connections, pauses } = listen(t)
  await settled()
  const [connection] = connections
  t.equal(pauses[0]?.milliseconds, 15_000)
  pauses.shift()?.end()
  await settled()
  t.same(connection?.queries, ['LISTEN "signpost"', 'SELECT 1'])
  if (connection) connection.isDead = true
  pauses.shift()?.end()
  await settled()
  t.ok(connection?.isEnded)
  t.equal(pauses[0]?.milliseconds, 100)
})

t.test('postgres notifications: can be closed in any state', async t => {
  const { connections, listening } = listen(t)
  await settled()
  listening.close()
  await settled()
  t.equal(connections.length, 1)
  t.ok(connections[0]?.isEnded)
  const open = () => new Connection() as unknown as ReturnType<Parameters<typeof listenForChanges>[0]>
  const awake = listenForChanges(open, { channel: 'signpost' })
  awake.watch(() => undefined)
  await settled()
  awake.close()
})

const text = 'value of "JANE"'
const fields = ({ code, isRefusal, driverText }: DirectoryFailure) => ({ code, isRefusal, driverText })

t.test('postgres: SQLSTATE distinguishes refused questions from an unavailable server', async t => {
  const failure = (code: string, severity = 'ERROR', options = {}) =>
    fields(postgresFailure(Object.assign(new Error(text), { code, severity }), options))
  for (const code of ['22021', '22P02', '21000', 'P0001', '54001']) {
    t.same(failure(code), { code, isRefusal: true, driverText: undefined })
  }
  for (const code of ['42P01', '42883']) t.same(failure(code), { code, isRefusal: true, driverText: text })
  for (const code of ['08006', '40001', '53300', '55P03', '57014', '57P01', '58030', 'XX000']) {
    t.same(failure(code), { code, isRefusal: false, driverText: undefined })
  }
  t.same(failure('28P01', 'FATAL'), { code: '28P01', isRefusal: false, driverText: text })
  t.equal(failure('22021', 'FATAL').isRefusal, false)
  t.equal(failure('22021', 'ERROR', { isConnecting: true }).isRefusal, false)
  t.same(failure('jane@'), { code: 'unknown', isRefusal: false, driverText: undefined }, 'no code is made up')
  t.same(fields(postgresFailure(new Error(text))), { code: 'unknown', isRefusal: false, driverText: undefined })
  t.same(fields(postgresFailure(new Error('timeout expired'), { isConnecting: true })).driverText, 'timeout expired')
})
