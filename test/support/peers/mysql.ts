/**
 * MariaDB's and MySQL's protocol: https://mariadb.com/docs/server/reference/clientserver-protocol
 */
import type { Conversation } from './peer.ts'

/** State of the protocol: connections use it, and the statement is prepared once. */
const capabilities = 0x000fa2ff

export function packet(sequence: number, ...parts: readonly (Buffer | readonly number[])[]): Buffer {
  const body = Buffer.concat(parts.map(part => Buffer.from(part)))
  const head = Buffer.alloc(4)
  head.writeUIntLE(body.length, 0, 3)
  head[3] = sequence
  return Buffer.concat([head, body])
}

const sized = (value: string) => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)])

function greeting(): Buffer {
  const low = capabilities & 0xffff
  const high = (capabilities >> 16) | 0x0008
  return packet(
    0,
    [10],
    Buffer.from('10.11.6-MariaDB\0'),
    [1, 0, 0, 0],
    Buffer.from('12345678\0'),
    [low & 0xff, low >> 8, 45, 2, 0, high & 0xff, high >> 8, 21],
    Buffer.alloc(10),
    Buffer.from('123456789012\0'),
    Buffer.from('mysql_native_password\0')
  )
}

const ok = (sequence: number) => packet(sequence, [0, 0, 0, 2, 0, 0, 0])
const eof = (sequence: number) => packet(sequence, [0xfe, 0, 0, 2, 0])

const column = (sequence: number, name: string) =>
  packet(
    sequence,
    sized('def'),
    sized(''),
    sized(''),
    sized(''),
    sized(name),
    sized(''),
    [12, 45, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0]
  )

const answers: Readonly<Record<number, readonly Buffer[]>> = {
  3: [ok(1)],
  22: [
    packet(1, [0, 1, 0, 0, 0, 2, 0, 1, 0, 0, 0, 0]),
    column(2, '?'),
    eof(3),
    column(4, 'domain'),
    column(5, 'provider'),
    eof(6)
  ],
  23: [
    packet(1, [2]),
    column(2, 'domain'),
    column(3, 'provider'),
    eof(4),
    packet(5, [0, 0], sized('a.example'), sized('example')),
    eof(6)
  ],
  14: [ok(1)]
}

export function mysql(): Conversation {
  let rest: Buffer = Buffer.alloc(0)
  let isStarted = false
  return {
    greeting: [greeting()],
    answer(bytes) {
      rest = Buffer.concat([rest, bytes])
      const replies: Buffer[] = []
      while (rest.length >= 4 && rest.length >= 4 + rest.readUIntLE(0, 3)) {
        replies.push(...(isStarted ? (answers[rest[4] ?? 0] ?? []) : [ok(2)]))
        isStarted = true
        rest = rest.subarray(4 + rest.readUIntLE(0, 3))
      }
      return replies
    }
  }
}
