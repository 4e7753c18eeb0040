/**
 * Errors of a server that listens already: the system could not hand over a connection, for want of memory or descriptors.
 */
import type { Server } from 'node:net'
import type { Logger } from 'pino'

/** Why: while the cause lasts, each connection causes an error. */
const silentMs = 60_000

/** Keeps such errors from ending the process. @param logger gets a warning, at most once a minute */
export function surviveAcceptErrors(server: Server, logger: Pick<Logger, 'warn'> | undefined): void {
  let loggedAt = Number.NEGATIVE_INFINITY
  server.on('error', ({ code }: NodeJS.ErrnoException) => {
    // Why only while listening: before that, the caller of `listen` handles the error.
    if (!server.listening || performance.now() - loggedAt < silentMs) return
    loggedAt = performance.now()
    logger?.warn({ code }, 'a connection could not be accepted')
  })
}
