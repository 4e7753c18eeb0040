/**
 * A PostgreSQL database as a directory: one prepared query, and NOTIFY where something has changed.
 */
import type { Client, ClientConfig, Pool, PoolClient, PoolConfig, QueryResult } from 'pg'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import type { Reading } from './columns.ts'
import { connectMilliseconds, type DatabaseServer, mostWaiting } from './database-server.ts'
import type { Directory } from './directory.ts'
import { createListening } from './listening.ts'
import { checkColumns, readRows } from './row.ts'

/** Of the package pg. */
export interface PostgresDriver {
  readonly Pool: new (config: PoolConfig) => Pick<Pool, 'connect' | 'on' | 'end' | 'waitingCount'>
  readonly Client: new (config: ClientConfig) => Pick<Client, 'connect' | 'query' | 'on' | 'end'>
}

export interface PostgresOptions<V> {
  readonly reading: Reading<V>
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: PostgresDriver
}

export function openPostgres<V>(query: SqlQuery, options: PostgresOptions<V>): Directory<V> {
  const { reading, settings, server, driver } = options
  const { timeoutMilliseconds = 2000, connections = 10, channel } = settings
  const config = {
    host: server.host,
    port: server.port,
    database: server.database,
    user: server.user,
    // Why asked for at every connection: passwords are changed while a service runs.
    password: async () => server.password() ?? '',
    ssl: server.tls ?? false,
    application_name: 'signpost',
    keepAlive: true,
    connectionTimeoutMillis: Math.max(connectMilliseconds, timeoutMilliseconds),
    query_timeout: timeoutMilliseconds
  } satisfies ClientConfig
  const pool = new driver.Pool({
    ...config,
    max: connections,
    statement_timeout: timeoutMilliseconds,
    options: '-c default_transaction_read_only=on'
  })
  // Why nothing: a connection that ends while it has nothing to do is replaced when somebody asks.
  pool.on('error', () => undefined)
  // Why nothing either: whoever waits for an answer over it is told.
  pool.on('connect', client => client.on('error', () => undefined))
  const text = query.parts.join('$1')
  const connect = () => new driver.Client(config)
  const { toName } = reading
  const listening = channel === undefined ? undefined : createListening(connect, { channel, toName })
  return {
    async find(name) {
      if (pool.waitingCount >= mostWaiting) throw new Error('too many wait for a connection')
      const deadline = performance.now() + timeoutMilliseconds
      const client = await pool.connect()
      const { fields, rows } = await ask(client, { deadline, text, name })
      checkColumns(
        fields.map(field => field.name),
        reading
      )
      return readRows(rows, name, reading)
    },
    ...(listening && { watch: listening.watch }),
    async close() {
      await Promise.all([listening?.close(), pool.end()])
    }
  }
}

interface Question {
  /** Of `performance.now()`. */
  readonly deadline: number
  readonly text: string
  readonly name: string
}

async function ask(client: PoolClient, { deadline, text, name }: Question): Promise<QueryResult> {
  if (performance.now() > deadline) {
    client.release()
    throw new Error('no connection was free in time')
  }
  try {
    const result = await client.query({ name: 'signpost', text, values: [name] })
    client.release()
    return result
  } catch (error) {
    // Why: an answer that comes too late would be taken for that to the next question.
    client.release(true)
    throw error
  }
}
