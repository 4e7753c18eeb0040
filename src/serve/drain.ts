/**
 * Two ways to end a server without cutting off a response: a drain, and the retirement of a server that has been replaced.
 */
import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { isSilent } from '../http/connections/proxied-connections.ts'

/**
 * Closes every connection: an idle one at once, any other after its response, and all of them when the time is up.
 * @returns when all are closed
 */
export type Drain = (boundMs: number) => Promise<void>

/** How long requests in progress may take when the service stops. */
export const drainMs = 10_000

/** How often connections are checked: some become idle later, and Node.js would keep them open for a next request. */
const checkMs = 50

/**
 * @param app must not listen yet
 * @param listeners further listeners whose connections the app answers
 */
export function createDrain(app: FastifyInstance, ...listeners: readonly Server[]): Drain {
  const { server } = app
  const open = new Set<Socket>()
  for (const each of [server, ...listeners]) {
    each.on('connection', (socket: Socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
  }

  function closeIdle() {
    server.closeIdleConnections()
    // Why: to Node.js a connection that has not sent anything yet is not idle. With TLS only decrypted bytes count here.
    for (const socket of open) if (isSilent(socket)) socket.destroy()
  }

  return async boundMs => {
    const checking = setInterval(closeIdle, checkMs)
    const timer = setTimeout(() => {
      for (const socket of open) socket.destroy()
    }, boundMs)
    const closed = listeners.filter(listener => listener.listening).map(listener => once(listener.close(), 'close'))
    await Promise.all([app.close(), ...closed])
    clearInterval(checking)
    clearTimeout(timer)
  }
}

/**
 * Accepts no new connection. On open connections, the next response announces that it is the last.
 *
 * @param end aborted when silent connections need not be waited for any longer
 * @returns when all are closed, or the signal is aborted
 */
export type Retire = (end: AbortSignal) => Promise<void>

/**
 * Why not a drain: it closes idle connections, and a request may be on its way on one of them.
 *
 * @param listeners further listeners whose connections the server answers
 */
export function createRetire(server: HttpServer, ...listeners: readonly Server[]): Retire {
  return async end => {
    server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'))
    const ended = once(end, 'abort')
    await Promise.race([Promise.all([server, ...listeners].map(stopListening)), ended])
  }
}

/** @returns when the last connection is closed */
async function stopListening(server: Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  // Why not the server's own method: that of node:http closes idle connections.
  Server.prototype.close.call(server)
  await closed
}
