/**
 * Writes the rest of the log before a process ends.
 */
import type { Logger } from 'pino'
import { withTimeout } from '../../timeout.ts'

/** How long to wait, in milliseconds. Why bounded: a full pipe that is not read would keep the process running. */
const mostMs = 1000

/** Resolves when everything is written or the time is up. */
export async function flushLog(logger: Pick<Logger, 'flush'>): Promise<void> {
  const flushed = new Promise<void>(resolve => logger.flush(() => resolve()))
  await withTimeout(flushed, mostMs).catch(() => undefined)
}
