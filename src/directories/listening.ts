/**
 * LISTEN of PostgreSQL, on a connection of its own that is made again whenever it is lost.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { Changed } from './directory.ts'

export interface Listening {
  watch(changed: Changed): void
  close(): void
}

export interface ListeningOptions {
  /** Made of lower-case letters, digits and underscores. */
  readonly channel: string
  /** Fulfilled after the time, or when the signal is given. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

type Connection = Pick<Client, 'connect' | 'query' | 'on' | 'end'>

/** Between two tries to connect, at first and at most. */
const retryMs = { first: 100, most: 5000 }

/** How often the server is asked whether it is there: a connection that a firewall has dropped tells nobody. */
const heartbeatMs = 15_000

const pauseAwake = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)

/** @param open makes a connection that is not connected yet */
export function createListening(open: () => Connection, options: ListeningOptions): Listening {
  const { channel, pause = pauseAwake } = options
  const closing = new AbortController()
  const { signal } = closing

  async function keepListening(changed: Changed): Promise<void> {
    let waitMs = retryMs.first
    const connected = () => {
      waitMs = retryMs.first
      // Why: what was told before was told to nobody.
      changed(undefined)
    }
    while (!signal.aborted) {
      await listen(changed, connected).catch(() => undefined)
      await pause(waitMs, signal)
      waitMs = Math.min(waitMs * 2, retryMs.most)
    }
  }

  /** @returns when the connection is lost; rejects where it could not be made */
  async function listen(changed: Changed, connected: () => void): Promise<void> {
    const connection = open()
    const lost = new Promise<void>(resolve => {
      connection.on('error', () => resolve())
      connection.on('end', () => resolve())
    })
    connection.on('notification', ({ payload = '' }) => changed(payload))
    try {
      await connection.connect()
      await connection.query(`LISTEN "${channel}"`)
      connected()
      await beat(connection, lost)
    } finally {
      // Why not awaited: a server that does not answer does not say good-bye either.
      connection.end().catch(() => undefined)
    }
  }

  async function beat(connection: Connection, lost: Promise<void>): Promise<void> {
    const isOver = lost.then(() => true)
    while (!(await Promise.race([isOver, pause(heartbeatMs, signal).then(() => signal.aborted)]))) {
      await connection.query('SELECT 1')
    }
  }

  return {
    watch(changed) {
      keepListening(changed)
    },
    close: () => closing.abort()
  }
}
