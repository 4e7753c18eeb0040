/**
 * A PostgreSQL database as a directory: one prepared query, and NOTIFY where something has changed.
 */
import { Socket } from 'node:net'
import type { Client, ClientConfig, Pool, PoolClient, PoolConfig, QueryResult } from 'pg'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { boundAnswers } from './bound-answers.ts'
import type { Columns } from './columns.ts'
import { connectMilliseconds, type DatabaseServer, mostWaiting } from './database-server.ts'
import { DirectoryFailure } from './directory-failure.ts'
import { createListening } from './listening.ts'
import { postgresFailure } from './postgres-failure.ts'
import type { RowSource } from './read-directory.ts'
import { checkColumns } from './row.ts'

/** Of the package pg. */
export interface PostgresDriver {
  readonly Pool: new (config: PoolConfig) => Pick<Pool, 'connect' | 'on' | 'end' | 'waitingCount'>
  readonly Client: new (config: ClientConfig) => Client
}

export interface PostgresOptions {
  readonly reading: Columns
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: PostgresDriver
}

export function openPostgres(query: SqlQuery, options: PostgresOptions): RowSource {
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
    query_timeout: timeoutMilliseconds,
    stream: () => boundAnswers(new Socket())
  } satisfies ClientConfig
  class BoundedClient extends driver.Client {
    constructor(settings: ClientConfig = config) {
      super(settings)
      const { connection } = this
      // Why again: in TLS, the driver reads from another stream.
      connection.once('sslconnect', () => boundAnswers(connection.stream as Socket))
    }
  }
  const pool = new driver.Pool({
    ...config,
    Client: BoundedClient,
    max: connections,
    statement_timeout: timeoutMilliseconds,
    options: '-c default_transaction_read_only=on'
  })
  // Why nothing: a connection that ends while it has nothing to do is replaced when somebody asks.
  pool.on('error', () => undefined)
  // Why nothing either: whoever waits for an answer over it is told.
  pool.on('connect', client => client.on('error', () => undefined))
  const text = query.parts.join('$1')
  const connect = () => new BoundedClient(config)
  const listening = channel === undefined ? undefined : createListening(connect, { channel })
  return {
    async find(name) {
      if (pool.waitingCount >= mostWaiting) throw new DirectoryFailure('too-many-waiting')
      const deadline = performance.now() + timeoutMilliseconds
      const client = await pool.connect().catch(error => Promise.reject(postgresFailure(error, { isConnecting: true })))
      const { fields, rows } = await ask(client, { deadline, text, name })
      checkColumns(
        fields.map(field => field.name),
        reading
      )
      return { rows }
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
    throw new DirectoryFailure('no-free-connection')
  }
  try {
    const result = await client.query({ name: 'signpost', text, values: [name] })
    client.release()
    return result
  } catch (error) {
    const failure = postgresFailure(error)
    // Why: the rest of an incomplete answer may still come, and would be taken for the next answer.
    client.release(!failure.isComplete)
    throw failure
  }
}
