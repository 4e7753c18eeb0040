/**
 * What an error of the package pg means, by its SQLSTATE.
 */
import { DirectoryFailure, toFailure } from './directory-failure.ts'

/**
 * Spec: https://www.postgresql.org/docs/current/errcodes-appendix.html, the classes: 08 connection, 28 authorization,
 * 3D database, 40 rollback, 53 resources, 55 not in the required state, 57 operator intervention, 58 and XX system.
 */
const unavailable = ['08', '28', '3D', '40', '53', '55', '57', '58', 'XX']

/** Spec: the same, 25 transaction state (read-only), 28, 3D, 42 syntax and access: their texts name parts of the query. */
const harmless = ['25', '28', '3D', '42']

export interface PostgresFailureOptions {
  /** No question has been sent yet. */
  readonly isConnecting?: boolean
}

/** @param error of a query, or of connecting */
export function postgresFailure(
  error: unknown,
  { isConnecting = false }: PostgresFailureOptions = {}
): DirectoryFailure {
  const { code, severity, message } = error as { readonly code?: unknown; readonly severity?: unknown } & Error
  if (typeof severity !== 'string' || typeof code !== 'string' || !/^[\dA-Z]{5}$/.test(code)) {
    return toFailure(error, { isConnecting })
  }
  const kind = code.slice(0, 2)
  const isRefusal = !isConnecting && severity === 'ERROR' && !unavailable.includes(kind)
  return new DirectoryFailure(code, { isRefusal, words: harmless.includes(kind) ? message : undefined })
}
