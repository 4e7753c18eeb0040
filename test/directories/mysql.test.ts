import { EventEmitter } from 'node:events'
import t from 'tap'
import { type MysqlDriver, openMysql } from '../../src/directories/mysql.ts'
import { entryReading } from '../../src/lookups/entry.ts'
import { hasNone } from '../support/has-none.ts'
import { matchLists } from '../support/match-lists.ts'

const parts = ['SELECT domain, provider FROM domain WHERE name = ', ' OR alias = ', '']
const reading = entryReading
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

/** The package mysql2, without a database behind it. */
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

t.test('mysql: asks one prepared query with the domain as its parameters', async t => {
  const { driver, calls, configs } = fakeMysql({ rows: [{ domain: 'A.Example', provider: 'example' }] })
  const directory = openMysql({ parts }, { reading, settings, server, driver })
  t.match(await directory.find('a.example'), { provider: 'example' })
  await directory.close()
  const sql = 'SELECT domain, provider FROM domain WHERE name = ? OR alias = ?'
  t.same(calls, [[{ sql, timeout: 2000 }, ['a.example', 'a.example']], 'release', 'end'])
  matchLists(t, configs, [
    {
      host: 'db.example.net',
      port: 3306,
      user: 'signpost',
      password: 'hunter2',
      ssl: { rejectUnauthorized: true, verifyIdentity: true },
      connectionLimit: 10,
      connectTimeout: 10_000,
      queueLimit: 1000
    }
  ])
})

t.test('mysql: a socket needs neither port nor TLS', async t => {
  const { driver, configs } = fakeMysql()
  const local = {
    ...server,
    host: '/run/mysqld/mysqld.sock',
    isSocket: true,
    tls: undefined,
    password: () => undefined
  }
  const directory = openMysql({ parts }, { reading, settings: { ...settings, connections: 2 }, server: local, driver })
  t.equal(await directory.find('a.example'), undefined)
  matchLists(t, configs, [{ socketPath: '/run/mysqld/mysqld.sock', password: '', connectionLimit: 2 }])
  hasNone(t, configs[0], ['ssl', 'host'])
})

t.test('mysql: connections only read, and no statement takes longer than one waits', async t => {
  const { driver, events } = fakeMysql()
  openMysql({ parts }, { reading, settings: { ...settings, timeoutMilliseconds: 500 }, server, driver })
  const sent: string[] = []
  events.emit('connection', {
    query(sql: string, done: () => void) {
      sent.push(sql)
      done()
    }
  })
  t.same(sent, [
    'SET SESSION TRANSACTION READ ONLY',
    'SET SESSION max_statement_time=0.5',
    'SET SESSION max_execution_time=500'
  ])
})

t.test('mysql: a connection with an error is used no more', async t => {
  const { driver, calls } = fakeMysql({ error: new Error('Query inactivity timeout') })
  const directory = openMysql({ parts }, { reading, settings, server, driver })
  await t.rejects(directory.find('a.example'), { message: 'Query inactivity timeout' })
  t.equal(calls.at(-1), 'destroy')
})

t.test('mysql: who has waited too long for a connection asks nothing any more', async t => {
  const acquire = () => new Promise<void>(resolve => setTimeout(resolve, 20))
  const { driver, calls } = fakeMysql({ acquire })
  const directory = openMysql(
    { parts },
    { reading, settings: { ...settings, timeoutMilliseconds: 10 }, server, driver }
  )
  await t.rejects(directory.find('a.example'), { message: 'no connection was free in time' })
  t.same(calls, ['release'])
})
