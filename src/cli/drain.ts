/**
 * Stops a server without cutting off who is being answered.
 */
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Closes every connection: at once where it is idle, else after its answer, at last when the time is up.
 * @returns when all are closed
 */
export type Drain = (boundMs: number) => Promise<void>

/** How often connections are looked at: some fall idle only later, and node would keep them alive for a next request. */
const lookMs = 50

/** @param app must not listen yet */
export function createDrain(app: FastifyInstance): Drain {
  const { server } = app
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })

  function closeIdle() {
    server.closeIdleConnections()
    // Why: to node a connection that has never said anything is not idle, but about to.
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }

  return async boundMs => {
    const looking = setInterval(closeIdle, lookMs)
    const late = setTimeout(() => server.closeAllConnections(), boundMs)
    await app.close()
    clearInterval(looking)
    clearTimeout(late)
  }
}
