/**
 * Opens an SQLite file read-only, and explains why it does not answer.
 */
import { statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { SignpostError } from '../errors.ts'
import type { SqlQuery } from '../settings/query/sql-query.ts'
import { DirectoryFailure, toFailure } from './directory.ts'

/** The parameter for the name. Observed: Node 22.18 and 24.4 do not bind values to `?1` by position. */
export const parameter = ':asked'

export function toSqliteText({ parts }: SqlQuery): string {
  return parts.join(parameter)
}

/** @throws DirectoryFailure */
export function openDatabase(file: string): DatabaseSync {
  // Why: SQLite would wait for a process that writes to a FIFO, and block this one.
  if (statSync(file, { throwIfNoEntry: false })?.isFile() === false) {
    throw new DirectoryFailure('not-a-file', { driverText: 'it is not an ordinary file' })
  }
  try {
    return new DatabaseSync(file, { readOnly: true, allowExtension: false })
  } catch (error) {
    throw sqliteFailure(error, { isConnecting: true })
  }
}

export function columnNames(statement: StatementSync): string[] {
  return statement.columns().map(({ name }) => name)
}

/** Between two attempts while another process writes. */
const busyMs = 10

/**
 * Repeats an attempt while another process writes to the file. Why not SQLite's own busy timeout: it would block this process while it
 * waits.
 *
 * @param attempt fails as the returned promise does
 * @returns its result. Rejects with DirectoryFailure or AC_DIRECTORY_UNFIT
 */
export async function whileBusy<T>(attempt: () => T | Promise<T>, timeoutMs: number): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      const failure = sqliteFailure(error)
      if (!isBusy(failure) || performance.now() > deadline) throw failure
    }
    await sleep(busyMs)
  }
}

/**
 * Spec: these result codes are about the question: SQLITE_ERROR, TOOBIG, CONSTRAINT, MISMATCH, RANGE
 * (https://www.sqlite.org/rescode.html).
 */
const refusalCodes = [1, 18, 19, 20, 25]

/** Spec: SQLITE_BUSY and LOCKED, in the same list. */
const busyCodes = ['sqlite-5', 'sqlite-6']

export interface SqliteFailureOptions {
  /** The file is opened and the query prepared, so that SQLite's text only names parts of the query. */
  readonly isConnecting?: boolean
}

/** @returns the failure with SQLite's result code; AC_DIRECTORY_UNFIT unchanged */
export function sqliteFailure(
  error: unknown,
  { isConnecting = false }: SqliteFailureOptions = {}
): DirectoryFailure | SignpostError {
  if (error instanceof SignpostError || error instanceof DirectoryFailure) return error
  const { errcode, message } = error as { readonly errcode?: number } & Error
  if (errcode === undefined) return toFailure(error, { isConnecting })
  // Spec: the lowest eight bits of an extended result code are the primary one (the same page, section 3).
  const code = errcode & 0xff
  return new DirectoryFailure(`sqlite-${code}`, {
    isRefusal: !isConnecting && refusalCodes.includes(code),
    driverText: isConnecting ? message : undefined
  })
}

function isBusy({ code }: DirectoryFailure | SignpostError): boolean {
  return busyCodes.includes(code)
}
