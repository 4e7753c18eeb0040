/**
 * HTTP/1.1 over a plain socket, byte for byte.
 */
import { once } from 'node:events'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Test } from 'tap'

export interface WireAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Wire {
  send(bytes: string | Buffer): void
  /** @param head for responses to HEAD, which have no body despite their `content-length` */
  receive(head?: 'head'): Promise<WireAnswer>
  hangUp(): void
  /** Stops reading, and ignores resets. */
  stopReading(): void
  /** @returns the data received before the server closed the connection */
  closed(): Promise<string>
}

/** Opens a connection; the first one makes the service listen. */
export async function openWire(t: Test, app: FastifyInstance): Promise<Wire> {
  if (!app.server.listening) await app.listen({ host: '127.0.0.1', port: 0 })
  const [place] = app.addresses()
  const socket = connect(typeof place === 'object' ? place.port : 0, '127.0.0.1').setEncoding('latin1')
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  const chunks = socket[Symbol.asyncIterator]()
  let received = ''

  async function fill(): Promise<boolean> {
    const { value, done } = await chunks.next()
    received += value ?? ''
    return done !== true
  }

  async function take(length: number): Promise<string> {
    while (received.length < length) if (!(await fill())) throw new Error(`closed after ${JSON.stringify(received)}`)
    const taken = received.slice(0, length)
    received = received.slice(length)
    return taken
  }

  return {
    send: bytes => socket.write(bytes),
    async receive(head) {
      const end = '\r\n\r\n'
      while (!received.includes(end)) if (!(await fill())) throw new Error(`closed after ${JSON.stringify(received)}`)
      const [statusLine = '', ...lines] = (await take(received.indexOf(end) + end.length)).trimEnd().split('\r\n')
      const headers = Object.fromEntries(lines.map(toField))
      const body = head === undefined ? await take(Number(headers['content-length'] ?? 0)) : ''
      return { status: Number(statusLine.split(' ')[1]), headers, body: Buffer.from(body, 'latin1').toString() }
    },
    hangUp: () => void socket.destroy(),
    stopReading: () => void socket.on('error', () => undefined).pause(),
    async closed() {
      while (await fill());
      return received
    }
  }
}

function toField(line: string): [name: string, value: string] {
  const colon = line.indexOf(':')
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
}
