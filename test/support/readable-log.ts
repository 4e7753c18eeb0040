/**
 * A log that a test can read.
 */
import { type Logger, pino } from 'pino'

export interface ReadableLog {
  readonly logger: Logger
  /** Line by line, as JSON. */
  readonly lines: string[]
}

export function readableLog(): ReadableLog {
  const lines: string[] = []
  return { logger: pino({}, { write: line => lines.push(line) }), lines }
}
