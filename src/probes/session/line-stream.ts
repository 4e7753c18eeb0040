/**
 * The lines that a stranger sends over a connection, until a signal says that the time is up.
 */
import type { Duplex } from 'node:stream'
import { createLineBuffer, type LineLimits } from './line-buffer.ts'
import { Trouble } from './session-error.ts'

export interface LineStream {
  /** @returns the next line. @throws Trouble, or the error of the connection */
  readonly line: () => Promise<string>
  /** @returns so many bytes as text. @throws Trouble, or the error of the connection */
  readonly octets: (count: number) => Promise<string>
  /** Resolves as soon as there is something to read, an end included; or when the signal says to wait no longer. */
  readonly arrival: (signal: AbortSignal) => Promise<boolean>
  /** Leaves the connection to somebody else. @returns how many bytes had come and were not read: they are gone */
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

  const isOver = () => failure !== undefined || stream.readableEnded || stream.destroyed

  async function until<Value>(look: () => Value | undefined): Promise<Value> {
    for (;;) {
      const value = look()
      if (value !== undefined) return value
      if (pull()) continue
      if (failure !== undefined) throw failure
      if (isOver()) throw new Trouble('closed')
      if (signal.aborted) throw new Trouble('noAnswer')
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
    async arrival(patience) {
      patience.addEventListener('abort', onEvent)
      while (buffer.length === 0 && !pull() && !isOver() && !patience.aborted && !signal.aborted) await change()
      patience.removeEventListener('abort', onEvent)
      return buffer.length > 0 || isOver()
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
