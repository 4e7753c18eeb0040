/**
 * A MariaDB or MySQL database as a directory: one prepared query.
 */
import { connect, type Socket } from 'node:net'
import type { Connection } from 'mysql2'
import type { Pool, PoolOptions, RowDataPacket } from 'mysql2/promise'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { boundAnswers } from './bound-answers.ts'
import type { Columns } from './columns.ts'
import { connectMilliseconds, type DatabaseServer, mostWaiting } from './database-server.ts'
import { DirectoryFailure } from './directory-failure.ts'
import { mysqlFailure } from './mysql-failure.ts'
import type { RowSource } from './read-directory.ts'
import { checkColumns } from './row.ts'

/** Of the package mysql2, with promises. */
export interface MysqlDriver {
  readonly createPool: (options: PoolOptions) => Pick<Pool, 'getConnection' | 'on' | 'end'>
}

export interface MysqlOptions {
  readonly reading: Columns
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: MysqlDriver
}

export function openMysql(query: SqlQuery, options: MysqlOptions): RowSource {
  const { reading, settings, server, driver } = options
  const { timeoutMilliseconds: timeout = 2000, connections = 10 } = settings
  const pool = driver.createPool({
    stream: () => dial(server),
    host: server.host,
    user: server.user,
    database: server.database,
    password: server.password() ?? '',
    ...(server.tls && { ssl: { ...server.tls, verifyIdentity: true } }),
    connectionLimit: connections,
    connectTimeout: Math.max(connectMilliseconds, timeout),
    queueLimit: mostWaiting,
    // Observed: mysql2 3.24 reserves memory for all of them on each connection, by default for 16,000. There is one query.
    maxPreparedStatements: 8
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

  async function ask(name: string) {
    const deadline = performance.now() + timeout
    const connection = await pool
      .getConnection()
      .catch(error => Promise.reject(mysqlFailure(error, { isConnecting: true })))
    // Why: nobody waits for the answer any more.
    if (performance.now() > deadline) {
      connection.release()
      throw new DirectoryFailure('no-free-connection')
    }
    try {
      const [rows, fields] = await connection.execute<RowDataPacket[]>({ sql, timeout }, Array(marks).fill(name))
      connection.release()
      return { rows, names: fields.map(field => field.name) }
    } catch (error) {
      const failure = mysqlFailure(error)
      // Why: the rest of an incomplete answer may still come, and would be taken for the next answer.
      if (failure.isComplete) connection.release()
      else connection.destroy()
      throw failure
    }
  }

  return {
    async find(name) {
      const { rows, names } = await ask(name)
      checkColumns(names, reading)
      return { rows }
    },
    close: () => pool.end()
  }
}

/** @returns the socket of a connection. Why not left to the driver: what it receives has to be bounded */
function dial({ isSocket, host, port }: DatabaseServer): Socket {
  const place = isSocket ? { path: host } : { host, port, keepAlive: true, noDelay: true }
  return boundAnswers(connect(place))
}
