/**
 * Closes connections that hold a place without asking anything.
 *
 * Why in addition to the times of node:http: its timer between two requests starts again with every byte, an empty line
 * does not begin a request, and a client may read its answer as slowly as it likes.
 */
import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { CurrentLimits } from '../../settings/limits.ts'
import { perValue } from '../../sources/per-table.ts'

/** What is known of one connection. */
interface Progress {
  /** When its last request began, or when it was opened: a time of the clock. */
  since: number
  /** The answer to its last request, and the one before; undefined if it was finished when the clock last looked. */
  last: ServerResponse | undefined
  before: ServerResponse | undefined
  /** How many requests have arrived before their predecessors were answered. */
  waiting: number
}

export interface ConnectionClock {
  /** Notes that a request begins. @returns how many on its connection wait for the answer to an earlier one */
  begin(response: ServerResponse): number
  /** @returns the unfinished answer to the last request that has arrived completely */
  unfinished(socket: Socket): ServerResponse | undefined
}

/** The limits of all that one request can take: to wait for it, to receive it, and to send its answer. */
type Times = 'keepAliveSeconds' | 'headersSeconds' | 'requestSeconds' | 'idleSeconds'

/** How often connections are looked at. */
const tickMs = 1000

/** @param server has handed over plain and decrypted connections alike, by its event `connection` */
export function createConnectionClock(server: Server, timesOf: CurrentLimits<Times>): ConnectionClock {
  const mostTicksOf = perValue(timesOf, ({ keepAliveSeconds, headersSeconds, requestSeconds, idleSeconds }) =>
    Math.ceil(((keepAliveSeconds + headersSeconds + requestSeconds + idleSeconds) * 1000) / tickMs)
  )
  const open = new Map<Socket, Progress>()
  let now = 0
  let ticking: NodeJS.Timeout | undefined

  function tick(): void {
    now++
    const mostTicks = mostTicksOf()
    for (const [socket, progress] of open) {
      if (now - progress.since > mostTicks) socket.destroy()
      // Why: an idle connection would keep the headers of its last requests.
      if (progress.last?.writableFinished === true) {
        progress.last = undefined
        progress.before = undefined
      }
    }
  }

  server.on('connection', (socket: Socket) => {
    open.set(socket, { since: now, last: undefined, before: undefined, waiting: 0 })
    socket.once('close', () => open.delete(socket))
  })
  server.on('listening', () => {
    ticking = setInterval(tick, tickMs).unref()
  })
  // Why not when it stops listening: connections that are still open must end too.
  server.on('close', () => clearInterval(ticking))
  return {
    unfinished(socket) {
      const progress = open.get(socket)
      const answer = progress?.last?.req.complete === true ? progress.last : progress?.before
      return answer?.writableFinished === false ? answer : undefined
    },
    begin(response) {
      const progress = open.get(response.req.socket)
      if (progress === undefined) return 0
      const { last } = progress
      progress.waiting = last === undefined || last.writableEnded ? 0 : progress.waiting + 1
      progress.since = now
      progress.before = last
      progress.last = response
      return progress.waiting
    }
  }
}
