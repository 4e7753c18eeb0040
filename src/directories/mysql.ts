/**
 * A MariaDB or MySQL database as a directory: one prepared query.
 */
import type { Connection } from 'mysql2'
import type { Pool, PoolOptions, RowDataPacket } from 'mysql2/promise'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import type { Reading } from './columns.ts'
import { connectMilliseconds, type DatabaseServer, mostWaiting } from './database-server.ts'
import type { Directory } from './directory.ts'
import { checkColumns, readRows } from './row.ts'

/** Of the package mysql2, with promises. */
export interface MysqlDriver {
  readonly createPool: (options: PoolOptions) => Pick<Pool, 'getConnection' | 'on' | 'end'>
}

export interface MysqlOptions<V> {
  readonly reading: Reading<V>
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: MysqlDriver
}

export function openMysql<V>(query: SqlQuery, options: MysqlOptions<V>): Directory<V> {
  const { reading, settings, server, driver } = options
  const { timeoutMilliseconds: timeout = 2000, connections = 10 } = settings
  const pool = driver.createPool({
    ...placeOf(server),
    user: server.user,
    database: server.database,
    password: server.password() ?? '',
    ...(server.tls && { ssl: { ...server.tls, verifyIdentity: true } }),
    connectionLimit: connections,
    connectTimeout: Math.max(connectMilliseconds, timeout),
    queueLimit: mostWaiting,
    enableKeepAlive: true
  })
  pool.on('connection', opened => {
    // Why: the event has the connection without promises.
    const connection = opened as unknown as Connection
    // Why each by itself: MariaDB knows the second, MySQL the third, and what one does not know is no harm.
    for (const sql of [
      'TRANSACTION READ ONLY',
      `max_statement_time=${timeout / 1000}`,
      `max_execution_time=${timeout}`
    ]) {
      connection.query(`SET SESSION ${sql}`, () => undefined)
    }
  })
  const sql = query.parts.join('?')
  const marks = query.parts.length - 1
  return {
    async find(name) {
      const deadline = performance.now() + timeout
      const connection = await pool.getConnection()
      // Why: nobody waits for the answer any more.
      if (performance.now() > deadline) {
        connection.release()
        throw new Error('no connection was free in time')
      }
      try {
        const [rows, fields] = await connection.execute<RowDataPacket[]>({ sql, timeout }, Array(marks).fill(name))
        checkColumns(
          fields.map(field => field.name),
          reading
        )
        connection.release()
        return readRows(rows, name, reading)
      } catch (error) {
        // Why: an answer that comes too late would be taken for that to the next question.
        connection.destroy()
        throw error
      }
    },
    close: () => pool.end()
  }
}

function placeOf({ isSocket, host, port }: DatabaseServer): PoolOptions {
  return isSocket ? { socketPath: host } : { host, port }
}
