/**
 * How many processes answer: what is asked for goes before the table, and the table before the default.
 */
import { availableParallelism } from 'node:os'
import { errors } from '../errors.ts'
import type { Settings } from '../settings/schema.ts'
import type { Call } from './command.ts'

/** More are refused in the table too. */
const most = 64

/** @returns 1 or more. @throws AC_USAGE */
export function workersOf({ options, terminal }: Call, { http = {} }: Settings): number {
  const text = String(options.workers ?? (terminal.env.SIGNPOST_WORKERS || (http.workers ?? 1)))
  if (text === 'auto') return Math.min(availableParallelism(), most)
  const workers = /^\d{1,2}$/.test(text) ? Number(text) : 0
  if (workers >= 1 && workers <= most) return workers
  const name = options.workers === undefined ? 'SIGNPOST_WORKERS' : '--workers'
  throw errors.usage({ problem: `${name}: found "${text}", expected an integer from 1 to ${most}, or auto` })
}
