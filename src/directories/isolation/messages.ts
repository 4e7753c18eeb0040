/**
 * The messages between the service and the process of a driver, as JSON, and what both sides need to exchange them.
 */
import { SignpostError } from '../../errors.ts'
import type { DirectorySettings } from '../../settings/check/directory.ts'
import { DirectoryFailure, toFailure } from '../directory.ts'
import { type FoundRows, type QueryColumns, type Row, toText } from '../row-reader.ts'

/** What the process of a driver is started for. */
export interface DriverTask {
  readonly settings: DirectorySettings
  readonly columns: QueryColumns
  readonly folder: string
  /** The variable that may contain the password. */
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface MemoryLimits {
  /** MiB of JavaScript objects, which V8 enforces. */
  readonly heap: number
  /** MiB of resident memory, which the process checks itself: buffers are not part of the heap. */
  readonly resident: number
}

/** Observed: ten connections take 105 MB of resident memory with each of pg, mysql2 and ldapts, a thousand up to 130 MB. */
export function memoryLimits({ connections = 10 }: Pick<DirectorySettings, 'connections'>): MemoryLimits {
  const forConnections = Math.ceil(connections / 4)
  return { heap: 64 + forConnections, resident: 192 + forConnections }
}

export type ToDriver =
  | { readonly type: 'open'; readonly task: DriverTask }
  | { readonly type: 'find'; readonly questions: readonly Question[] }
  /** From now on the driver reports changes. */
  | { readonly type: 'watch' }
  /** Must be answered with `pong`. */
  | { readonly type: 'ping' }
  /** The last `changed` has arrived. */
  | { readonly type: 'received' }
  | { readonly type: 'close' }

export type FromDriver =
  | { readonly type: 'ready' }
  | { readonly type: 'answers'; readonly answers: readonly Answer[] }
  | { readonly type: 'pong' }
  /** Names that have changed, as the database sends them; null: any name may have changed. */
  | { readonly type: 'changed'; readonly names: readonly string[] | null }
  /** The last message before the process ends because of an error. */
  | { readonly type: 'failed'; readonly code: string }

export interface Question {
  readonly id: number
  readonly name: string
}

export type Answer =
  | { readonly id: number; readonly found: TextRows }
  | { readonly id: number; readonly error: SentError }

/** Rows with every value as a list of texts. */
export type TextRows =
  | { readonly rows: readonly Readonly<Record<string, readonly string[]>>[] }
  | { readonly problem: string }

/** An error without its stack, cause and other properties. */
export type SentError =
  | {
      readonly type: 'failure'
      readonly code: string
      readonly isRefusal: boolean
      readonly driverText?: string | undefined
    }
  | { readonly type: 'unfit'; readonly code: string; readonly message: string; readonly status: number }

export function toSentError(error: unknown): SentError {
  if (error instanceof SignpostError) {
    const { code, message, status } = error
    return { type: 'unfit', code, message, status }
  }
  const { code, isRefusal, driverText } = toFailure(error)
  return { type: 'failure', code, isRefusal, driverText }
}

export function fromSentError(sent: SentError): Error {
  return sent.type === 'unfit'
    ? new SignpostError(sent.code, sent.message, sent.status)
    : new DirectoryFailure(sent.code, sent)
}

export function toTextRows(found: FoundRows): TextRows {
  return 'problem' in found ? found : { rows: found.rows.map(toTexts) }
}

function toTexts(row: Row): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, [value].flat().map(toText)]))
}
