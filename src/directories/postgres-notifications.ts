/**
 * LISTEN in PostgreSQL, on a separate connection that is made again whenever it is lost.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'pg'
import type { OnChange } from './directory.ts'

export interface Notifications {
  watch(onChange: OnChange): void
  close(): void
}

export interface NotificationOptions {
  /** Consists of lower-case letters, digits and underscores. */
  readonly channel: string
  /** Resolves after the time, or when the signal is aborted. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

type Connection = Pick<Client, 'connect' | 'query' | 'on' | 'end'>

/** Between two attempts to connect, at first and at most. */
const retryMs = { first: 100, max: 5000 }

/** How often the server is asked for a sign of life: a firewall drops a connection without notice. */
const heartbeatMs = 15_000

const pauseUnref = (milliseconds: number, signal: AbortSignal) =>
  sleep(milliseconds, undefined, { signal, ref: false }).catch(() => undefined)

/** @param open makes a connection that is not connected yet */
export function listenForChanges(open: () => Connection, options: NotificationOptions): Notifications {
  const { channel, pause = pauseUnref } = options
  const closing = new AbortController()
  const { signal } = closing

  async function keepListening(onChange: OnChange): Promise<void> {
    let waitMs = retryMs.first
    const onConnect = () => {
      waitMs = retryMs.first
      // Why: notifications that were sent without a connection are lost.
      onChange(undefined)
    }
    while (!signal.aborted) {
      await listen(onChange, onConnect).catch(() => undefined)
      await pause(waitMs, signal)
      waitMs = Math.min(waitMs * 2, retryMs.max)
    }
  }

  /** @returns when the connection is lost; rejects if it could not be made */
  async function listen(onChange: OnChange, onConnect: () => void): Promise<void> {
    const connection = open()
    const lost = new Promise<void>(resolve => {
      connection.on('error', () => resolve())
      connection.on('end', () => resolve())
    })
    connection.on('notification', ({ payload = '' }) => onChange(payload))
    try {
      await connection.connect()
      await connection.query(`LISTEN "${channel}"`)
      onConnect()
      await sendHeartbeats(connection, lost)
    } finally {
      // Why not awaited: a server that is unreachable does not confirm the end of a connection.
      connection.end().catch(() => undefined)
    }
  }

  async function sendHeartbeats(connection: Connection, lost: Promise<void>): Promise<void> {
    const isLost = lost.then(() => true)
    while (!(await Promise.race([isLost, pause(heartbeatMs, signal).then(() => signal.aborted)]))) {
      await connection.query('SELECT 1')
    }
  }

  return {
    watch(onChange) {
      keepListening(onChange)
    },
    close: () => closing.abort()
  }
}
