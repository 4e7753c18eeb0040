/**
 * A conversation in lines over one connection, with limits for everything that a server sends.
 */
import type { Duplex } from 'node:stream'
import { printable } from '../../settings/load/finding.ts'
import { SessionError } from './session-error.ts'

export interface Dialogue extends LineStream {
  /** @param text without the line ending */
  readonly send: (text: string) => void
  /** The number of lines that were sent. */
  readonly sent: number
}

// Why: the longest regular lines are capabilities of IMAP, about 1 kB.
const limits = { maxLine: 8192, maxTotal: 65_536 }

/** @param signal aborted when the time is up. @param before the conversation that continues here with TLS */
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

export interface LineStream {
  /** @returns the next line. @throws SessionError, or the error of the connection */
  readonly line: () => Promise<string>
  /** @returns this number of bytes as text. @throws SessionError, or the error of the connection */
  readonly octets: (count: number) => Promise<string>
  /** Resolves when there is something to read, or the connection has ended, or the signal is aborted. */
  readonly arrival: (signal: AbortSignal) => Promise<boolean>
  /** Stops reading the connection. @returns the number of bytes that were received but not read: they are discarded */
  readonly detach: () => number
}

export interface LineStreamOptions extends LineLimits {
  /** Aborted when the time is up. */
  readonly signal: AbortSignal
}

export function createLineStream(stream: Duplex, { signal, ...limits }: LineStreamOptions): LineStream {
  const buffer = createLineBuffer(limits)
  let failure: unknown
  let wake: (() => void) | undefined
  const onEvent = () => wake?.()
  const onError = (error: unknown) => {
    failure = error
    onEvent()
  }
  const events = ['readable', 'end', 'close'] as const
  for (const event of events) stream.on(event, onEvent)
  stream.on('error', onError)
  signal.addEventListener('abort', onEvent)

  /** @returns whether there was anything to read */
  function pull(): boolean {
    const bytes: Buffer | null = stream.read()
    if (bytes !== null) buffer.push(bytes)
    return bytes !== null
  }

  const hasEnded = () => failure !== undefined || stream.readableEnded || stream.destroyed

  async function until<Value>(look: () => Value | undefined): Promise<Value> {
    for (;;) {
      const value = look()
      if (value !== undefined) return value
      if (pull()) continue
      if (failure !== undefined) throw failure
      if (hasEnded()) throw new SessionError('closed')
      if (signal.aborted) throw new SessionError('noAnswer')
      await change()
    }
  }

  function change(): Promise<void> {
    return new Promise(resolve => {
      wake = resolve
    })
  }

  return {
    line: () => until(buffer.line),
    octets: count => until(() => buffer.octets(count)),
    async arrival(waitSignal) {
      waitSignal.addEventListener('abort', onEvent)
      while (buffer.length === 0 && !pull() && !hasEnded() && !waitSignal.aborted && !signal.aborted) await change()
      waitSignal.removeEventListener('abort', onEvent)
      return buffer.length > 0 || hasEnded()
    },
    detach() {
      for (const event of events) stream.off(event, onEvent)
      stream.off('error', onError)
      signal.removeEventListener('abort', onEvent)
      pull()
      return buffer.length
    }
  }
}

export interface LineBuffer {
  /** @throws SessionError if the server has sent too much in total */
  readonly push: (bytes: Buffer) => void
  /**
   * @returns the next line without its ending, control characters escaped; undefined if it is not complete
   * @throws SessionError if it is too long
   */
  readonly line: () => string | undefined
  /** @returns this number of bytes as text, control characters escaped; undefined if they have not arrived yet */
  readonly octets: (count: number) => string | undefined
  /** The number of bytes that were received but not read. */
  readonly length: number
}

export interface LineLimits {
  /** Bytes of a line, with its ending. */
  readonly maxLine: number
  /** Bytes in total. */
  readonly maxTotal: number
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

export function createLineBuffer({ maxLine, maxTotal }: LineLimits): LineBuffer {
  // Why allocated at the start: joining pieces as they arrive would copy all of them for each byte of a slow sender.
  const received = Buffer.alloc(maxTotal)
  let start = 0
  let end = 0
  /** There is no line feed before this position. */
  let searched = 0

  function take(count: number): Buffer {
    const taken = received.subarray(start, start + count)
    start += count
    return taken
  }

  return {
    push(bytes) {
      if (end + bytes.length > maxTotal) throw new SessionError('tooMuch', { limit: maxTotal })
      end += bytes.copy(received, end)
    },
    line() {
      const from = Math.max(start, searched)
      const found = received.subarray(from, Math.min(end, start + maxLine)).indexOf(lineFeed)
      if (found < 0 && end - start >= maxLine) throw new SessionError('lineTooLong', { limit: maxLine })
      searched = found < 0 ? end : from
      if (found < 0) return undefined
      const line = take(from + found + 1 - start)
      return toText(line.subarray(0, line.at(-2) === carriageReturn ? -2 : -1))
    },
    octets: count => (count > end - start ? undefined : toText(take(count))),
    get length() {
      return end - start
    }
  }
}

/** Why the whole line is decoded at once: a piece may end within a character. */
function toText(bytes: Buffer): string {
  return printable(bytes.toString())
}
