/**
 * Connections to one server, each of them used for one question at a time: made when one is wanted, and kept while it
 * is good.
 */
import { DirectoryFailure } from './directory-failure.ts'

export interface Pool<C> {
  /** @returns a connection for the caller alone; rejects where none can be made, or too many wait */
  take(): Promise<C>
  /** @param isGood false: nobody shall use it again */
  giveBack(connection: C, isGood: boolean): void
  close(): Promise<void>
}

export interface Pooled {
  readonly isOpen: boolean
  /** Says good-bye. */
  end(): Promise<void>
  destroy(): void
}

export interface PoolOptions {
  /** Connections at the same time. */
  readonly most: number
  /** Beyond it nobody may wait for one. */
  readonly mostWaiting: number
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** Why: a firewall that has forgotten a connection tells nobody, and whoever uses it waits in vain. */
const mostIdleMs = 60_000

/** @param connect makes one, or rejects */
export function createPool<C extends Pooled>(
  connect: () => Promise<C>,
  { most, mostWaiting, now = () => performance.now() }: PoolOptions
): Pool<C> {
  /** The one that was used last is at the end. */
  const idle: { readonly connection: C; readonly since: number }[] = []
  const used = new Set<C>()
  const waiting: PromiseWithResolvers<C>[] = []
  let making = 0
  let isClosed = false

  function takeIdle(): C | undefined {
    const longAgo = now() - mostIdleMs
    while (idle[0] !== undefined && idle[0].since < longAgo) idle.shift()?.connection.destroy()
    let last = idle.pop()
    while (last !== undefined && !last.connection.isOpen) last = idle.pop()
    return last?.connection
  }

  async function make(): Promise<C> {
    making += 1
    const connection = await connect().catch(failed)
    making -= 1
    if (isClosed) {
      connection.destroy()
      throw new DirectoryFailure('closed')
    }
    used.add(connection)
    return connection
  }

  function failed(error: unknown): never {
    making -= 1
    // Why: where nobody has a connection, nobody will give one back.
    if (used.size + making === 0) refuse(error)
    throw error
  }

  function refuse(error: unknown): void {
    for (const turn of waiting.splice(0)) turn.reject(error)
  }

  function giveBack(connection: C, isGood: boolean): void {
    used.delete(connection)
    const next = waiting.shift()
    if (!isGood || isClosed || !connection.isOpen) {
      connection.destroy()
      if (next !== undefined) make().then(next.resolve, next.reject)
    } else if (next === undefined) {
      idle.push({ connection, since: now() })
    } else {
      used.add(connection)
      next.resolve(connection)
    }
  }

  return {
    async take() {
      if (isClosed) throw new DirectoryFailure('closed')
      const connection = takeIdle()
      if (connection !== undefined) {
        used.add(connection)
        return connection
      }
      if (used.size + making < most) return await make()
      if (waiting.length >= mostWaiting) throw new DirectoryFailure('too-many-waiting')
      const turn = Promise.withResolvers<C>()
      waiting.push(turn)
      return await turn.promise
    },
    giveBack,
    async close() {
      isClosed = true
      refuse(new DirectoryFailure('closed'))
      for (const connection of used) connection.destroy()
      await Promise.all(idle.splice(0).map(({ connection }) => connection.end()))
    }
  }
}
