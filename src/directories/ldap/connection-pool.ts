/**
 * Connections to one server, each of them used for one question at a time. They are made when they are needed, and kept as
 * long as they work.
 */
import { DirectoryFailure } from '../directory.ts'

export interface ConnectionPool<C> {
  /** @returns a connection for the caller alone; rejects if none can be made, or too many callers wait */
  acquire(): Promise<C>
  /** @param isReusable false: the connection is destroyed */
  release(connection: C, isReusable: boolean): void
  close(): Promise<void>
}

export interface PooledConnection {
  readonly isOpen: boolean
  /** Ends the session properly. */
  end(): Promise<void>
  /** Closes the connection at once. */
  destroy(): void
}

export interface PoolOptions {
  readonly maxConnections: number
  /** The number of callers that may wait for a connection. */
  readonly maxWaiting: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Why there is a limit: a firewall drops an idle connection without notice, and the next question on it would time out. */
const maxIdleMs = 60_000

/** @param connect makes a connection, or rejects */
export function createConnectionPool<C extends PooledConnection>(
  connect: () => Promise<C>,
  { maxConnections, maxWaiting, now = () => performance.now() }: PoolOptions
): ConnectionPool<C> {
  /** The one that was used last is at the end. */
  const idle: { readonly connection: C; readonly since: number }[] = []
  const used = new Set<C>()
  const waiting: PromiseWithResolvers<C>[] = []
  let connecting = 0
  let isClosed = false

  function takeIdle(): C | undefined {
    const oldest = now() - maxIdleMs
    while (idle[0] !== undefined && idle[0].since < oldest) idle.shift()?.connection.destroy()
    let last = idle.pop()
    while (last !== undefined && !last.connection.isOpen) last = idle.pop()
    return last?.connection
  }

  async function open(): Promise<C> {
    connecting += 1
    const connection = await connect().catch(fail)
    connecting -= 1
    if (isClosed) {
      connection.destroy()
      throw new DirectoryFailure('closed')
    }
    used.add(connection)
    return connection
  }

  function fail(error: unknown): never {
    connecting -= 1
    // Why: without any connection in use, none would be released for those that wait.
    if (used.size + connecting === 0) rejectWaiting(error)
    throw error
  }

  function rejectWaiting(error: unknown): void {
    for (const { reject } of waiting.splice(0)) reject(error)
  }

  function release(connection: C, isReusable: boolean): void {
    used.delete(connection)
    const next = waiting.shift()
    if (!isReusable || isClosed || !connection.isOpen) {
      connection.destroy()
      if (next !== undefined) open().then(next.resolve, next.reject)
    } else if (next === undefined) {
      idle.push({ connection, since: now() })
    } else {
      used.add(connection)
      next.resolve(connection)
    }
  }

  return {
    async acquire() {
      if (isClosed) throw new DirectoryFailure('closed')
      const connection = takeIdle()
      if (connection !== undefined) {
        used.add(connection)
        return connection
      }
      if (used.size + connecting < maxConnections) return await open()
      if (waiting.length >= maxWaiting) throw new DirectoryFailure('too-many-waiting')
      const turn = Promise.withResolvers<C>()
      waiting.push(turn)
      return await turn.promise
    },
    release,
    async close() {
      isClosed = true
      rejectWaiting(new DirectoryFailure('closed'))
      for (const connection of used) connection.destroy()
      await Promise.all(idle.splice(0).map(({ connection }) => connection.end()))
    }
  }
}
