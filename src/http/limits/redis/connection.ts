/**
 * One connection to a Redis. Commands are answered in order, and the first sign of trouble ends it.
 */
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { RedisServer } from '../../../settings/redis-url.ts'
import { createReplyReader, type Reply, RespError, writeCommand } from './resp.ts'

export interface RedisConnection {
  /** @returns what it replies, errors included; rejects with a code when the connection is lost, or after the timeout */
  ask(words: readonly string[]): Promise<Reply>
  destroy(): void
}

export interface RedisConnectionOptions {
  /** For each reply. */
  readonly timeoutMs: number
  /** @param code of the error that ended the connection. Called once */
  readonly lost: (code: string) => void
}

/** Commands without a reply, beyond which a next one is refused. */
const mostPending = 1000

/** A rejection with a code alone: the server's words may hold what it was sent. */
export class RedisFailure extends Error {
  override readonly name = 'RedisFailure'
  readonly code: string

  constructor(code: string) {
    super(`Redis fails with ${code}`)
    this.code = code
  }
}

interface Pending extends PromiseWithResolvers<Reply> {
  readonly timer: NodeJS.Timeout
}

export function openRedisConnection(place: RedisServer, { timeoutMs, lost }: RedisConnectionOptions): RedisConnection {
  const pending: Pending[] = []
  const read = createReplyReader()
  const socket = dial(place)
  let ended: string | undefined

  function end(code: string): void {
    if (ended !== undefined) return
    ended = code
    socket.destroy()
    for (const { timer, reject } of pending.splice(0)) {
      clearTimeout(timer)
      reject(new RedisFailure(code))
    }
    lost(code)
  }

  function settle(reply: Reply): void {
    const first = pending.shift()
    if (first === undefined) throw new RespError()
    clearTimeout(first.timer)
    first.resolve(reply)
  }

  socket.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => end(code))
  socket.on('close', () => end('closed'))
  socket.on('data', (bytes: Buffer) => {
    try {
      for (const reply of read(bytes.toString('latin1'))) settle(reply)
    } catch {
      end('malformed-reply')
    }
  })
  return {
    async ask(words) {
      if (ended !== undefined) throw new RedisFailure(ended)
      if (pending.length >= mostPending) throw new RedisFailure('too-many-waiting')
      const { promise, resolve, reject } = Promise.withResolvers<Reply>()
      // Why rejected but left in its place: the reply may come late, and would be taken for the next one.
      const timer = setTimeout(() => reject(new RedisFailure('ETIMEDOUT')), timeoutMs).unref()
      pending.push({ promise, resolve, reject, timer })
      socket.write(writeCommand(words))
      return await promise
    },
    destroy: () => end('closed')
  }
}

function dial({ host, port, isSecure }: RedisServer): Socket {
  const place = { host, port, noDelay: true, keepAlive: true }
  if (!isSecure) return connect(place)
  return connectTls({ ...place, ...(isIP(host) === 0 && { servername: host }) })
}
