/**
 * PostgreSQL's protocol, version 3: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import type { Conversation } from './peer.ts'

export function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body])
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeInt16BE(value)
  return bytes
}

export const text = (value: string) => Buffer.from(`${value}\0`)

const ready = message('Z', Buffer.from('I'))

const welcome = [
  message('R', int32(0)),
  message('S', text('server_version'), text('15.0')),
  message('S', text('client_encoding'), text('UTF8')),
  message('K', int32(1), int32(2)),
  ready
]

const field = (name: string) =>
  Buffer.concat([text(name), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)])

export const row = (...values: readonly string[]) =>
  message('D', int16(values.length), ...values.flatMap(value => [int32(value.length), Buffer.from(value)]))

const answers: Readonly<Record<string, readonly Buffer[]>> = {
  P: [message('1')],
  B: [message('2')],
  D: [message('T', int16(2), field('domain'), field('provider'))],
  E: [row('a.example', 'example'), message('C', text('SELECT 1'))],
  S: [ready],
  Q: [
    message('C', text('LISTEN')),
    ready,
    message('N', Buffer.from('S'), text('NOTICE'), Buffer.from('M'), text('hello'), Buffer.from([0])),
    message('A', int32(1), text('signpost'), text('a.example'))
  ]
}

export function postgres(): Conversation {
  let rest: Buffer = Buffer.alloc(0)
  let isStarted = false
  return {
    greeting: [],
    answer(bytes) {
      rest = Buffer.concat([rest, bytes])
      const replies: Buffer[] = []
      for (;;) {
        const head = isStarted ? 1 : 0
        if (rest.length < head + 4) return replies
        const end = head + rest.readInt32BE(head)
        if (rest.length < end) return replies
        replies.push(...(isStarted ? (answers[String.fromCharCode(rest[0] ?? 0)] ?? []) : welcome))
        isStarted = true
        rest = rest.subarray(end)
      }
    }
  }
}
