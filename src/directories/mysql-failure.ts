/**
 * What an error of the package mysql2 means, by its SQLSTATE and its number.
 */
import { DirectoryFailure, toFailure } from './directory-failure.ts'

/**
 * Spec: https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference and
 * https://dev.mysql.com/doc/mysql-errors/en/server-error-reference.html. Classes of SQLSTATE: 08 connection, 28
 * authorization, 40 rollback, 70 interrupted, XA.
 */
const unavailable = ['08', '28', '40', '70', 'XA']

/**
 * Spec: the same. Those of HY000 and 42000 that are about the server and not the question: out of memory and disk, no
 * database, shutdown, locks, interruption, limits of time.
 */
const unavailableNumbers = [
  1021, 1030, 1037, 1038, 1041, 1044, 1049, 1053, 1105, 1114, 1129, 1130, 1135, 1203, 1205, 1226, 1290, 1317, 1836, 3024
]

/** Spec: the same, 25 transaction state (read-only), 28, 42 syntax and access: their texts name parts of the query. */
const harmless = ['25', '28', '42']

/** Observed: mysql2 3.24 when its `queueLimit` is reached. */
const queueIsFull = 'Queue limit reached.'

interface MysqlError extends Error {
  readonly errno?: unknown
  readonly sqlState?: unknown
  readonly fatal?: unknown
}

export interface MysqlFailureOptions {
  /** No question has been sent yet. */
  readonly isConnecting?: boolean
}

/** @param error of a query, or of connecting */
export function mysqlFailure(error: unknown, { isConnecting = false }: MysqlFailureOptions = {}): DirectoryFailure {
  const { errno, sqlState, fatal, message } = error as MysqlError
  if (message === queueIsFull) return new DirectoryFailure('too-many-waiting')
  if (typeof errno !== 'number' || typeof sqlState !== 'string') return toFailure(error, { isConnecting })
  const kind = sqlState.slice(0, 2)
  const isRefusal =
    !isConnecting && fatal !== true && !unavailable.includes(kind) && !unavailableNumbers.includes(errno)
  return new DirectoryFailure(`errno-${errno}`, { isRefusal, words: harmless.includes(kind) ? message : undefined })
}
