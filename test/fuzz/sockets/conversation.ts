/**
 * One connection of a client that follows its script: writes that are split anywhere, an early end, a reset.
 */
import { connect, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'

/**
 * What the client does after sending everything: `fin` closes the sending side and reads to the end; `answer` resets after the first
 * bytes received, or after a short time; `reset` resets immediately; `wait` does nothing until the server closes the connection.
 */
export const endings = ['fin', 'answer', 'reset', 'wait'] as const
export type Ending = (typeof endings)[number]

export interface Script {
  /** latin1. */
  readonly bytes: string
  /** Where the bytes are split into several writes. */
  readonly cuts: readonly number[]
  readonly ending: Ending
}

export interface Heard {
  /** latin1. */
  readonly received: string
  /** The server did not close the connection in time. */
  readonly isLate: boolean
  /** A TLS handshake was completed. */
  readonly isSecure: boolean
}

export interface Place {
  readonly port: number
  /** One of 127.0.0.0/8. */
  readonly from: string
}

export interface ConversationOptions {
  /** Begins with TLS. */
  readonly tls?: ConnectionOptions | undefined
  /** What happens after the script was sent over TLS, below TLS. */
  readonly afterwards?: ((secure: TLSSocket, raw: Socket) => void) | undefined
}

const patienceMs = 15_000

/** How long a client waits for a response before it resets the connection. */
const answerMs = 100

/**
 * @returns what came back, when the connection is closed. The client resets it at last, so that its port is free at once
 */
export async function converse(place: Place, script: Script, options: ConversationOptions = {}): Promise<Heard> {
  const { port, from } = place
  const raw = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true, noDelay: true })
  let received = ''
  let isLate = false
  let isSecure = false
  // Why errors are ignored: the server may reset the connection, and only the data before that matters.
  raw.on('error', () => undefined)
  // Why not events.once: it rejects at an error.
  const closed = new Promise<void>(resolve => raw.once('close', () => resolve()))
  const timer = setTimeout(() => {
    isLate = true
    raw.resetAndDestroy()
  }, patienceMs)
  const spoken = options.tls === undefined ? raw : await handshake(raw, options.tls)
  if (spoken !== undefined) {
    isSecure = spoken !== raw
    spoken.on('data', (chunk: Buffer) => {
      received += chunk.toString('latin1')
      if (script.ending === 'answer') raw.resetAndDestroy()
    })
    spoken.on('end', () => raw.resetAndDestroy())
    await play(spoken, raw, script)
    if ('renegotiate' in spoken) options.afterwards?.(spoken, raw)
  }
  await closed
  clearTimeout(timer)
  return { received, isLate, isSecure }
}

/** @returns undefined if the server refused or the connection is closed */
async function handshake(raw: Socket, options: ConnectionOptions): Promise<TLSSocket | undefined> {
  const secure = connectTls({ ...options, socket: raw, rejectUnauthorized: false })
  const done = Promise.withResolvers<boolean>()
  secure.once('secureConnect', () => done.resolve(true))
  secure.on('error', () => raw.resetAndDestroy())
  raw.once('close', () => done.resolve(false))
  return (await done.promise) ? secure : undefined
}

async function play(socket: Socket, raw: Socket, { bytes, cuts, ending }: Script): Promise<void> {
  const edges = [...cuts.filter(cut => cut > 0 && cut < bytes.length).sort((a, b) => a - b), bytes.length]
  let from = 0
  for (const to of edges) {
    if (raw.destroyed) return
    socket.write(Buffer.from(bytes.slice(from, to), 'latin1'))
    from = to
    // Why: otherwise both pieces would be in one TCP segment.
    if (to < bytes.length) await new Promise(resolve => setImmediate(resolve))
  }
  if (ending === 'fin') socket.end()
  if (ending === 'answer') setTimeout(() => raw.resetAndDestroy(), answerMs)
  if (ending === 'reset') {
    await new Promise(resolve => setImmediate(resolve))
    raw.resetAndDestroy()
  }
}
