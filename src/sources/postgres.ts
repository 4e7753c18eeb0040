/**
 * A PostgreSQL database as a directory: one prepared query, and NOTIFY where something has changed.
 */
import type { Client, ClientConfig, Pool, PoolConfig } from 'pg'
import type { DirectorySettings } from '../settings/check-directory.ts'
import type { SqlQuery } from '../settings/sql-query.ts'
import type { DatabaseServer } from './database-server.ts'
import type { Directory } from './directory.ts'
import { checkColumns, toEntry } from './entry.ts'
import { createListening } from './listening.ts'

/** Of the package pg. */
export interface PostgresDriver {
  readonly Pool: new (config: PoolConfig) => Pick<Pool, 'query' | 'on' | 'end'>
  readonly Client: new (config: ClientConfig) => Pick<Client, 'connect' | 'query' | 'on' | 'end'>
}

export interface PostgresOptions {
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: PostgresDriver
}

export function openPostgres(query: SqlQuery, { settings, server, driver }: PostgresOptions): Directory {
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
    connectionTimeoutMillis: timeoutMilliseconds,
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
  const text = query.parts.join('$1')
  const listening = channel === undefined ? undefined : createListening(() => new driver.Client(config), { channel })
  return {
    async find(domain) {
      const { fields, rows } = await pool.query({ name: 'signpost', text, values: [domain] })
      checkColumns(fields.map(({ name }) => name))
      return rows[0] === undefined ? undefined : toEntry(rows[0])
    },
    ...(listening && { watch: listening.watch }),
    async close() {
      await Promise.all([listening?.close(), pool.end()])
    }
  }
}
