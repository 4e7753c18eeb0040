/**
 * A conversation by lines over one connection.
 */
import type { Duplex } from 'node:stream'
import { createLineStream, type LineStream } from './line-stream.ts'

export interface Dialogue extends LineStream {
  /** @param text without the end of the line */
  readonly send: (text: string) => void
  /** How many lines were sent. */
  readonly sent: number
}

// Why: the longest honest lines are capabilities of IMAP, about 1 kB.
const limits = { longest: 8192, most: 65_536 }

/** @param signal aborted when the time is up @param before the conversation that goes on here, over TLS */
export function createDialogue(connection: Duplex, signal: AbortSignal, before?: Dialogue): Dialogue {
  const lines = createLineStream(connection, { ...limits, signal })
  let sent = before?.sent ?? 0
  return {
    ...lines,
    send(text) {
      sent++
      connection.write(`${text}\r\n`)
    },
    get sent() {
      return sent
    }
  }
}
