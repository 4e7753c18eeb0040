/**
 * Ends a server whose place another one has taken already, without losing a request.
 *
 * Why not a drain: it closes connections that are idle, and a request may be on its way in one of them.
 */
import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { Server } from 'node:net'

/**
 * Takes no new connection; on those that are open the next answer says that it is the last.
 * @param end when connections need not be waited for any more that say nothing
 * @returns when all are closed, or the signal is given
 */
export type Leave = (end: AbortSignal) => Promise<void>

/** @param doors further ways in, whose connections the server answers */
export function createLeave(server: HttpServer, ...doors: readonly Server[]): Leave {
  return async end => {
    server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'))
    const ended = once(end, 'abort')
    await Promise.race([Promise.all([server, ...doors].map(stopListening)), ended])
  }
}

/** @returns when the last connection is closed */
async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  // Why not its own: that of node:http closes idle connections.
  Server.prototype.close.call(server)
  await closed
}
