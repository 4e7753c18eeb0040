/**
 * A MariaDB or MySQL database as a directory: one prepared query.
 */
import { connect, type Socket } from 'node:net'
import type { Connection } from 'mysql2'
import type { Pool, PoolOptions, RowDataPacket } from 'mysql2/promise'
import type { DirectorySettings } from '../settings/check/directory.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { connectTimeoutMs, type DatabaseServer, limitAnswers, maxWaiting } from './database-server.ts'
import { DirectoryFailure, type FailureContext, toFailure } from './directory.ts'
import { checkColumns, type QueryColumns, type RowDirectory } from './row-reader.ts'

/** The package mysql2, with promises. */
export interface MysqlDriver {
  readonly createPool: (options: PoolOptions) => Pick<Pool, 'getConnection' | 'on' | 'end'>
}

export interface MysqlOptions {
  readonly columns: QueryColumns
  readonly settings: DirectorySettings
  readonly server: DatabaseServer
  readonly driver: MysqlDriver
}

export function openMysql(query: SqlQuery, options: MysqlOptions): RowDirectory {
  const { columns, settings, server, driver } = options
  const { timeoutMilliseconds: timeoutMs = 2000, connections = 10 } = settings
  const pool = driver.createPool({
    stream: () => connectTo(server),
    host: server.host,
    user: server.user,
    database: server.database,
    password: server.password() ?? '',
    ...(server.tls && { ssl: { ...server.tls, verifyIdentity: true } }),
    connectionLimit: connections,
    connectTimeout: Math.max(connectTimeoutMs, timeoutMs),
    queueLimit: maxWaiting,
    // Observed: mysql2 3.24 reserves memory for this many statements on each connection, by default for 16,000. One is used.
    maxPreparedStatements: 8
  })
  pool.on('connection', opened => {
    // Why: the event delivers the connection without promises.
    const connection = opened as unknown as Connection & { readonly stream: Socket }
    // Why again: with TLS, the driver reads from another stream.
    if (server.tls !== undefined) limitAnswers(connection.stream)
    // Why separate statements: MariaDB knows the second and MySQL the third, and an error in one does no harm.
    for (const sql of [
      'TRANSACTION READ ONLY',
      `max_statement_time=${timeoutMs / 1000}`,
      `max_execution_time=${timeoutMs}`,
      // Why: the query was parsed with backslashes that escape the next character (settings/query/sql-query.ts).
      "sql_mode=REPLACE(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')"
    ]) {
      connection.query(`SET SESSION ${sql}`, () => undefined)
    }
  })
  const sql = query.parts.join('?')
  const parameters = query.parts.length - 1

  async function ask(name: string) {
    const deadline = performance.now() + timeoutMs
    const connection = await pool
      .getConnection()
      .catch(error => Promise.reject(mysqlFailure(error, { isConnecting: true })))
    // Why: the question has timed out, so that its answer is not needed any more.
    if (performance.now() > deadline) {
      connection.release()
      throw new DirectoryFailure('no-free-connection')
    }
    try {
      const [rows, fields] = await connection.execute<RowDataPacket[]>(
        { sql, timeout: timeoutMs },
        Array(parameters).fill(name)
      )
      connection.release()
      return { rows, names: fields.map(field => field.name) }
    } catch (error) {
      const failure = mysqlFailure(error)
      // Why: the rest of an incomplete answer may still arrive, and would be taken for the next answer.
      if (failure.isComplete) connection.release()
      else connection.destroy()
      throw failure
    }
  }

  return {
    async find(name) {
      const { rows, names } = await ask(name)
      checkColumns(names, columns)
      return { rows }
    },
    close: () => pool.end()
  }
}

/** Why the driver does not connect: the length of what it receives has to be limited. */
function connectTo({ isSocket, host, port }: DatabaseServer): Socket {
  const address = isSocket ? { path: host } : { host, port, keepAlive: true, noDelay: true }
  return limitAnswers(connect(address))
}

/**
 * Spec: these classes of SQLSTATE are about the server and not the question: 08 connection, 28 authorization, 40 rollback,
 * 70 interrupted, XA (https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference and
 * https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html).
 */
const unavailable = ['08', '28', '40', '70', 'XA']

/**
 * Spec: these errors of the classes HY000 and 42000 are about the server as well: out of memory and disk, no database,
 * shutdown, locks, interruption, time limits.
 */
const unavailableNumbers = [
  1021, 1030, 1037, 1038, 1041, 1044, 1049, 1053, 1105, 1114, 1129, 1130, 1135, 1203, 1205, 1226, 1290, 1317, 1836, 3024
]

/** Spec: the texts of these classes name parts of the query only: 25 transaction state (read-only), 28, 42 syntax and access. */
const harmless = ['25', '28', '42']

/** Observed: mysql2 3.24 when its `queueLimit` is reached. */
const queueIsFull = 'Queue limit reached.'

interface MysqlError extends Error {
  readonly errno?: unknown
  readonly sqlState?: unknown
  readonly fatal?: unknown
}

/** @param error of the package mysql2. @returns the failure with its error number, or the code of Node.js */
export function mysqlFailure(error: unknown, { isConnecting = false }: FailureContext = {}): DirectoryFailure {
  const { errno, sqlState, fatal, message } = error as MysqlError
  if (message === queueIsFull) return new DirectoryFailure('too-many-waiting')
  if (typeof errno !== 'number' || typeof sqlState !== 'string') return toFailure(error, { isConnecting })
  const sqlClass = sqlState.slice(0, 2)
  const isRefusal =
    !isConnecting && fatal !== true && !unavailable.includes(sqlClass) && !unavailableNumbers.includes(errno)
  return new DirectoryFailure(`errno-${errno}`, {
    isRefusal,
    driverText: harmless.includes(sqlClass) ? message : undefined
  })
}
