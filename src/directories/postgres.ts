/**
 * A PostgreSQL database as a directory: one prepared query, and NOTIFY for changes.
 */
import { Socket } from 'node:net'
import type { Client, ClientConfig, Pool, PoolClient, PoolConfig, QueryResult } from 'pg'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { connectTimeoutMs, type DatabaseServer, limitAnswers, maxWaiting } from './database-server.ts'
import { DirectoryFailure, type FailureContext, toFailure } from './directory.ts'
import { listenForChanges } from './postgres-notifications.ts'
import { checkColumns, type QueryColumns, type RowDirectory } from './row-reader.ts'

/** The package pg. */
export interface PostgresDriver {
  readonly Pool: new (config: PoolConfig) => Pick<Pool, 'connect' | 'on' | 'end' | 'waitingCount'>
  readonly Client: new (config: ClientConfig) => Client
}

export interface PostgresOptions {
  readonly columns: QueryColumns
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: PostgresDriver
}

export function openPostgres(query: SqlQuery, options: PostgresOptions): RowDirectory {
  const { columns, settings, server, driver } = options
  const { timeoutMilliseconds: timeoutMs = 2000, connections = 10, channel } = settings
  const config = {
    host: server.host,
    port: server.port,
    database: server.database,
    user: server.user,
    // Why read for every connection: passwords are changed while a service runs.
    password: async () => server.password() ?? '',
    ssl: server.tls ?? false,
    application_name: 'signpost',
    keepAlive: true,
    connectionTimeoutMillis: Math.max(connectTimeoutMs, timeoutMs),
    query_timeout: timeoutMs,
    stream: () => limitAnswers(new Socket())
  } satisfies ClientConfig
  class LimitedClient extends driver.Client {
    constructor(settings: ClientConfig = config) {
      super(settings)
      const { connection } = this
      // Why again: with TLS, the driver reads from another stream.
      connection.once('sslconnect', () => limitAnswers(connection.stream as Socket))
    }
  }
  const pool = new driver.Pool({
    ...config,
    Client: LimitedClient,
    max: connections,
    statement_timeout: timeoutMs,
    // Why the second: the query was parsed with backslashes as ordinary characters (settings/query/sql-query.ts).
    options: '-c default_transaction_read_only=on -c standard_conforming_strings=on'
  })
  // Why ignored: a connection that is lost while it is idle is replaced for the next question.
  pool.on('error', () => undefined)
  // Why ignored too: the question that waits for an answer on this connection is rejected.
  pool.on('connect', client => client.on('error', () => undefined))
  const text = query.parts.join('$1')
  const connect = () => new LimitedClient(config)
  const notifications = channel === undefined ? undefined : listenForChanges(connect, { channel })
  return {
    async find(name) {
      if (pool.waitingCount >= maxWaiting) throw new DirectoryFailure('too-many-waiting')
      const deadline = performance.now() + timeoutMs
      const client = await pool.connect().catch(error => Promise.reject(postgresFailure(error, { isConnecting: true })))
      const { fields, rows } = await ask(client, { deadline, text, name })
      checkColumns(
        fields.map(field => field.name),
        columns
      )
      return { rows }
    },
    ...(notifications && { watch: notifications.watch }),
    async close() {
      await Promise.all([notifications?.close(), pool.end()])
    }
  }
}

interface Question {
  /** A time of `performance.now()`. */
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
    // Why: the rest of an incomplete answer may still arrive, and would be taken for the next answer.
    client.release(!failure.isComplete)
    throw failure
  }
}

/**
 * Spec: these classes of SQLSTATE are about the server and not the question: 08 connection, 28 authorization, 3D database,
 * 40 rollback, 53 resources, 55 not in the required state, 57 operator intervention, 58 and XX system
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const unavailable = ['08', '28', '3D', '40', '53', '55', '57', '58', 'XX']

/**
 * Spec: the texts of these classes name parts of the query only: 25 transaction state (read-only), 28, 3D, 42 syntax and
 * access.
 */
const harmless = ['25', '28', '3D', '42']

/** @param error of the package pg. @returns the failure with its SQLSTATE, or the code of Node.js */
export function postgresFailure(error: unknown, { isConnecting = false }: FailureContext = {}): DirectoryFailure {
  const { code, severity, message } = error as { readonly code?: unknown; readonly severity?: unknown } & Error
  if (typeof severity !== 'string' || typeof code !== 'string' || !/^[\dA-Z]{5}$/.test(code)) {
    return toFailure(error, { isConnecting })
  }
  const sqlClass = code.slice(0, 2)
  const isRefusal = !isConnecting && severity === 'ERROR' && !unavailable.includes(sqlClass)
  return new DirectoryFailure(code, { isRefusal, driverText: harmless.includes(sqlClass) ? message : undefined })
}
