/**
 * What an error of node:sqlite means, by its result code.
 */
import { SignpostError } from '../errors.ts'
import { DirectoryFailure, toFailure } from './directory-failure.ts'

/** Spec: https://www.sqlite.org/rescode.html: SQLITE_ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE. */
const refusals = [1, 18, 19, 20, 25]

/** Spec: the same, SQLITE_BUSY, LOCKED. */
const busy = ['sqlite-5', 'sqlite-6']

export interface SqliteFailureOptions {
  /** The file is opened and the query prepared: what SQLite says names parts of the query only. */
  readonly isOpening?: boolean
}

/** @returns AC_DIRECTORY_UNFIT as it is */
export function sqliteFailure(
  error: unknown,
  { isOpening = false }: SqliteFailureOptions = {}
): DirectoryFailure | SignpostError {
  if (error instanceof SignpostError || error instanceof DirectoryFailure) return error
  const { errcode, message } = error as { readonly errcode?: number } & Error
  if (errcode === undefined) return toFailure(error, { isConnecting: isOpening })
  // Spec: the same, section 3: the lowest eight bits of an extended code are the primary one.
  const code = errcode & 0xff
  return new DirectoryFailure(`sqlite-${code}`, {
    isRefusal: !isOpening && refusals.includes(code),
    words: isOpening ? message : undefined
  })
}

export function isBusy({ code }: DirectoryFailure | SignpostError): boolean {
  return busy.includes(code)
}
