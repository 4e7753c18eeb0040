/**
 * What a service and the process of a driver tell each other, as JSON.
 */
import { SignpostError } from '../../errors.ts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import type { Columns } from '../columns.ts'
import { DirectoryFailure, toFailure } from '../directory-failure.ts'
import type { Found } from '../read-directory.ts'
import { type Row, toText } from '../row.ts'

/** What the process is started for. */
export interface DriverTask {
  readonly settings: DirectorySettings
  readonly columns: Columns
  readonly folder: string
  /** The variables that may hold the password. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export type ToDriver =
  | { readonly type: 'open'; readonly task: DriverTask }
  | { readonly type: 'find'; readonly questions: readonly Question[] }
  /** Tell from now on what changes. */
  | { readonly type: 'watch' }
  /** To be answered with `pong`. */
  | { readonly type: 'ping' }
  /** The last `changed` has arrived. */
  | { readonly type: 'seen' }
  | { readonly type: 'close' }

export type FromDriver =
  | { readonly type: 'ready' }
  | { readonly type: 'answers'; readonly answers: readonly Answer[] }
  | { readonly type: 'pong' }
  /** Payloads of what has changed, as the database tells them; null: anything may have. */
  | { readonly type: 'changed'; readonly names: readonly string[] | null }
  /** The last words before the process ends by itself. */
  | { readonly type: 'failed'; readonly code: string }

export interface Question {
  readonly id: number
  readonly name: string
}

export type Answer =
  | { readonly id: number; readonly found: ToldRows }
  | { readonly id: number; readonly error: ToldError }

/** Rows with every value as texts. */
export type ToldRows =
  | { readonly rows: readonly Readonly<Record<string, readonly string[]>>[] }
  | { readonly problem: string }

/** An error without whatever hangs on it. */
export type ToldError =
  | {
      readonly type: 'failure'
      readonly code: string
      readonly isRefusal: boolean
      readonly words?: string | undefined
    }
  | { readonly type: 'unfit'; readonly code: string; readonly message: string; readonly status: number }

export function tellError(error: unknown): ToldError {
  if (error instanceof SignpostError) {
    const { code, message, status } = error
    return { type: 'unfit', code, message, status }
  }
  const { code, isRefusal, words } = toFailure(error)
  return { type: 'failure', code, isRefusal, words }
}

export function readError(told: ToldError): Error {
  return told.type === 'unfit'
    ? new SignpostError(told.code, told.message, told.status)
    : new DirectoryFailure(told.code, told)
}

export function tellRows(found: Found): ToldRows {
  return 'problem' in found ? found : { rows: found.rows.map(toTexts) }
}

function toTexts(row: Row): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value].flat().map(toText)]))
}
