import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { maxAnswerBytes } from '../../src/directories/database-server.ts'
import type { DirectoryFailure } from '../../src/directories/directory.ts'
import {
  type MysqlDriver,
  type MysqlOptions,
  mysqlFailure,
  openMysql as openRows
} from '../../src/directories/mysql.ts'
import { readDirectory } from '../../src/directories/row-reader.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import type { SqlQuery } from '../../src/settings/query/sql-query.ts'
import { matchLists } from '../support/match-lists.ts'

const parts = ['SELECT domain, provider FROM domain WHERE name = ', ' OR alias = ', '']
const columns = entryReading
const settings = { type: 'mysql', query: '', database: 'mail' } as const
const server = {
  host: 'db.example.net',
  isSocket: false,
  port: 3306,
  database: 'mail',
  user: 'signpost',
  password: () => 'hunter2' as string | undefined,
  tls: { host: 'db.example.net', rejectUnauthorized: true } as const
}

const openMysql = (query: SqlQuery, options: MysqlOptions) => readDirectory(openRows(query, options), entryReading)

const portOf = (listener: Server) => (listener.address() as AddressInfo).port

/** A fake of the package mysql2. */
function fakeMysql({ rows = [] as object[], error = undefined as Error | undefined, acquire = async () => {} } = {}) {
  const calls: unknown[] = []
  const configs: Record<string, unknown>[] = []
  const events = new EventEmitter()
  const connection = {
    async execute(options: unknown, values: unknown) {
      calls.push([options, values])
      if (error !== undefined) throw error
      return [rows, [{ name: 'domain' }, { name: 'provider' }]]
    },
    release: () => calls.push('release'),
    destroy: () => calls.push('destroy')
  }
  const createPool = (config: Record<string, unknown>) => {
    configs.push(config)
    return {
      on: events.on.bind(events),
      async getConnection() {
        await acquire()
        return connection
      },
      end: async () => calls.push('end')
    }
  }
  return { driver: { createPool } as unknown as MysqlDriver, calls, configs, events }
}

t.test('mysql: sends one prepared query with the domain as its parameters', async t => {
  const { driver, calls, configs } = fakeMysql({ rows: [{ domain: 'A.Example', provider: 'example' }] })
  const directory = openMysql({ parts }, { columns, settings, server, driver })
  t.match(await directory.find('a.example'), { provider: 'example' })
  await directory.close()
  const sql = 'SELECT domain, provider FROM domain WHERE name = ? OR alias = ?'
  t.same(calls, [[{ sql, timeout: 2000 }, ['a.example', 'a.example']], 'release', 'end'])
  matchLists(t, configs, [
    {
      host: 'db.example.net',
      user: 'signpost',
      password: 'hunter2',
      ssl: { rejectUnauthorized: true, verifyIdentity: true },
      connectionLimit: 10,
      connectTimeout: 10_000,
      queueLimit: 1000
    }
  ])
})

t.test('mysql: connects by TCP or to a socket', async t => {
  // Why not the folder of the test: the path of a socket has at most 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'mysql-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'mysqld.sock')
  for (const where of [{ port: 0, host: '127.0.0.1' }, { path }]) {
    const listener = createServer(socket => socket.end('hello')).listen(where)
    t.teardown(() => listener.close())
    await once(listener, 'listening')
    const isSocket = 'path' in where
    const place = isSocket ? { host: path, isSocket } : { host: '127.0.0.1', port: portOf(listener) }
    const { driver, configs } = fakeMysql()
    const local = { ...server, ...place, tls: undefined, password: () => undefined }
    const directory = openMysql(
      { parts },
      { columns, settings: { ...settings, connections: 2 }, server: local, driver }
    )
    t.equal(await directory.find('a.example'), undefined)
    matchLists(t, configs, [{ password: '', connectionLimit: 2 }])
    t.equal(configs[0]?.ssl, undefined)
    const { stream } = configs[0] as { readonly stream: () => Socket }
    t.equal(await text(stream()), 'hello')
  }
})

t.test('mysql: connections are read-only, and statements have a time limit', async t => {
  const { driver, events } = fakeMysql()
  openMysql({ parts }, { columns, settings: { ...settings, timeoutMilliseconds: 500 }, server, driver })
  const sent: string[] = []
  events.emit('connection', {
    stream: new PassThrough(),
    query(sql: string, done: () => void) {
      sent.push(sql)
      done()
    }
  })
  t.same(sent, [
    'SET SESSION TRANSACTION READ ONLY',
    'SET SESSION max_statement_time=0.5',
    'SET SESSION max_execution_time=500',
    "SET SESSION sql_mode=REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')"
  ])
})

t.test('mysql: with TLS, answers are limited on the encrypted stream too', async t => {
  const { driver, events } = fakeMysql()
  openMysql({ parts }, { columns, settings, server, driver })
  const stream = Object.assign(new PassThrough(), { bytesWritten: 0 })
  const failed = once(stream, 'error')
  events.emit('connection', { stream, query: () => undefined })
  stream.write(Buffer.alloc(maxAnswerBytes + 1))
  matchLists(t, await failed, [{ code: 'answer-too-long' }])
})

t.test('mysql: a connection with an error is not used again', async t => {
  const { driver, calls } = fakeMysql({ error: new Error('Query inactivity timeout') })
  const directory = openMysql({ parts }, { columns, settings, server, driver })
  await t.rejects(directory.find('a.example'), { code: 'unknown', isRefusal: false })
  t.equal(calls.at(-1), 'destroy')
})

t.test('mysql: a connection is kept after a question that the server refuses', async t => {
  const error = Object.assign(new Error('Illegal mix of collations'), { errno: 1267, sqlState: 'HY000' })
  const { driver, calls } = fakeMysql({ error })
  const directory = openMysql({ parts }, { columns, settings, server, driver })
  await t.rejects(directory.find('a.example'), { code: 'errno-1267', isRefusal: true })
  t.equal(calls.at(-1), 'release')
})

t.test('mysql: a question that waited too long for a connection is not sent', async t => {
  const acquire = () => new Promise<void>(resolve => setTimeout(resolve, 20))
  const { driver, calls } = fakeMysql({ acquire })
  const directory = openMysql(
    { parts },
    { columns, settings: { ...settings, timeoutMilliseconds: 10 }, server, driver }
  )
  await t.rejects(directory.find('a.example'), { code: 'no-free-connection' })
  t.same(calls, ['release'])
})

const driverText = 'value of "JANE"'
const fields = ({ code, isRefusal, driverText }: DirectoryFailure) => ({ code, isRefusal, driverText })

t.test('mysql: SQLSTATE and error number distinguish refused questions from an unavailable server', async t => {
  const failure = (errno: number, sqlState: string, more = {}) =>
    fields(mysqlFailure(Object.assign(new Error(driverText), { errno, sqlState, ...more })))
  for (const [errno, sqlState] of [
    [1267, 'HY000'],
    [1366, '22007'],
    [1690, '22003'],
    [1242, '21000'],
    [1644, '45000']
  ] as const) {
    t.same(failure(errno, sqlState), { code: `errno-${errno}`, isRefusal: true, driverText: undefined })
  }
  t.same(failure(1146, '42S02'), { code: 'errno-1146', isRefusal: true, driverText })
  for (const [errno, sqlState] of [
    [1040, '08004'],
    [1213, '40001'],
    [1969, '70100'],
    [1205, 'HY000'],
    [1053, '08S01']
  ] as const) {
    t.equal(failure(errno, sqlState).isRefusal, false, `${errno}`)
  }
  t.equal(failure(1267, 'HY000', { fatal: true }).isRefusal, false)
  t.match(mysqlFailure(new Error('Queue limit reached.')), { code: 'too-many-waiting' })
  const lost = Object.assign(new Error('Connection lost: jane'), { code: 'PROTOCOL_CONNECTION_LOST' })
  t.same(fields(mysqlFailure(lost)), { code: 'PROTOCOL_CONNECTION_LOST', isRefusal: false, driverText: undefined })
})
