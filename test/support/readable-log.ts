/**
 * A log that a test can read.
 */
import type { Logger } from 'pino'
import { createLogger } from '../../src/http/log/access-log.ts'

export interface ReadableLog {
  readonly logger: Logger
  /** Line by line, as JSON. */
  readonly lines: string[]
}

export function readableLog(): ReadableLog {
  const lines: string[] = []
  return { logger: createLogger({}, { write: line => lines.push(line) }), lines }
}
