/**
 * Two ways to end a server without cutting off a response: a drain, and the retirement of a server that has been replaced.
 */
import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import { Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { isSilent } from '../http/connections/proxied-connections.ts'

/**
 * Closes every connection: an idle one after a short time, any other after its response, and all of them when the time is up.
 * @returns when all are closed
 */
export type Drain = (boundMs: number) => Promise<void>

/** How long requests in progress may take when the service stops. */
export const drainMs = 10_000

/**
 * How long idle connections stay open when the service stops. Why: a request may be on its way on one of them, and its client
 * would see a reset. A busy client, such as a proxy, sends one in this time and learns that the connection ends.
 */
const defaultGraceMs = 250

/** How often connections are checked: some become idle later, and Node.js would keep them open for a next request. */
const checkMs = 50

export interface DrainOptions {
  /** Further listeners whose connections the app answers. */
  readonly listeners?: readonly Server[]
  readonly graceMs?: number
}

/** @param app must not listen yet */
export function createDrain(
  app: FastifyInstance,
  { listeners = [], graceMs = defaultGraceMs }: DrainOptions = {}
): Drain {
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
    const timer = setTimeout(() => {
      for (const socket of open) socket.destroy()
    }, boundMs)
    const left = leave(server, listeners)
    await Promise.race([left, sleep(graceMs, undefined, { ref: false })])
    const checking = setInterval(closeIdle, checkMs)
    await Promise.all([app.close(), left])
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
 * Why not a drain: a client that is not busy may send its next request at any time while the connection is kept.
 *
 * @param listeners further listeners whose connections the server answers
 */
export function createRetire(server: HttpServer, ...listeners: readonly Server[]): Retire {
  return async end => {
    const ended = once(end, 'abort')
    await Promise.race([leave(server, listeners), ended])
  }
}

/** @returns when the last connection is closed */
async function leave(server: HttpServer, listeners: readonly Server[]): Promise<void> {
  server.prependListener('request', (_request, response) => response.setHeader('connection', 'close'))
  await Promise.all([server, ...listeners].map(stopListening))
}

/** @returns when the last connection is closed */
async function stopListening(server: Server): Promise<void> {
  const closed = once(server, 'close')
  // Why not the server's own method: that of node:http closes idle connections.
  Server.prototype.close.call(server)
  await closed
}
