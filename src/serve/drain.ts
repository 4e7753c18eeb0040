/**
 * Stops a server without cutting off who is being answered.
 */
import { once } from 'node:events'
import type { Server, Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Closes every connection: at once where it is idle, else after its answer, at last when the time is up.
 * @returns when all are closed
 */
export type Drain = (boundMs: number) => Promise<void>

/** How long requests under way may take when the service is told to stop. */
export const drainMs = 10_000

/** How often connections are looked at: some fall idle only later, and node would keep them alive for a next request. */
const lookMs = 50

/**
 * @param app must not listen yet
 * @param doors further ways in, whose connections the app answers
 */
export function createDrain(app: FastifyInstance, ...doors: readonly Server[]): Drain {
  const { server } = app
  const open = new Set<Socket>()
  for (const each of [server, ...doors]) {
    each.on('connection', (socket: Socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
    })
  }

  function closeIdle() {
    server.closeIdleConnections()
    // Why: to node a connection that has never said anything is not idle, but about to. Of one by TLS only what it says
    // inside counts here.
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
  }

  return async boundMs => {
    const looking = setInterval(closeIdle, lookMs)
    const late = setTimeout(() => {
      for (const socket of open) socket.destroy()
    }, boundMs)
    const closed = doors.filter(door => door.listening).map(door => once(door.close(), 'close'))
    await Promise.all([app.close(), ...closed])
    clearInterval(looking)
    clearTimeout(late)
  }
}
