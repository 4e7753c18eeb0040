/**
 * Messages of a hostile or broken server: invalid fields and lengths, truncation, floods, slow sending, and unsolicited
 * responses.
 */
import type { Socket } from 'node:net'
import type { Random } from '../../fuzz/random.ts'
import type { Change } from './peer.ts'

const kinds = [
  'byte',
  'int16',
  'int32',
  'int24',
  'cut',
  'grow',
  'twice',
  'many',
  'drop',
  'silence',
  'other',
  'before',
  'endless',
  'drip',
  'close',
  'end'
] as const

type Kind = (typeof kinds)[number]

interface Mutation {
  /** Number of the message on its connection. */
  readonly number: number
  readonly kind: Kind
  /** Position in thousandths of the message. */
  readonly place: number
  readonly value: number
}

const extremes = [
  0, 1, 2, 3, 4, 5, 127, 128, 255, 256, 32_767, 32_768, 65_535, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff
]

/** Maximum number of bytes of an endless message: more than any response may have, but little enough for a test. */
const mostBytes = 600_000

/** @returns one or a few mutations as text: `number kind place value`, one per line */
export function anyMutations(random: Random): string {
  const count = 1 + random.below(3)
  return Array.from({ length: count }, () => {
    const value = random.chance(50) ? random.below(256) : (extremes[random.below(extremes.length)] ?? 0)
    return [random.below(14), random.pick(kinds as unknown as [Kind, ...Kind[]]), random.below(1000), value].join(' ')
  }).join('\n')
}

/**
 * @param others messages of the protocol
 * @returns a function that changes messages according to the text. Invalid lines have no effect.
 */
export function mutate(text: string, others: readonly Buffer[]): Change {
  const mutations = text.split('\n').flatMap(readMutation)
  const silent = new WeakSet<Socket>()
  return (message, number, socket) => {
    if (silent.has(socket)) return undefined
    let changed: Buffer | undefined = message
    for (const mutation of mutations) {
      if (mutation.number !== number || changed === undefined) continue
      changed = apply(mutation, changed, { socket, others })
      if (mutation.kind === 'silence' || mutation.kind === 'endless') silent.add(socket)
    }
    return changed
  }
}

function readMutation(line: string): Mutation[] {
  const [number, kind, place, value] = line.split(' ')
  const known = kinds.find(each => each === kind)
  return known === undefined
    ? []
    : [{ number: Number(number), kind: known, place: Number(place), value: Number(value) }]
}

interface Surroundings {
  readonly socket: Socket
  readonly others: readonly Buffer[]
}

/** @returns the data to send; undefined for none */
function apply(
  { kind, place, value }: Mutation,
  message: Buffer,
  { socket, others }: Surroundings
): Buffer | undefined {
  const at = Math.floor((place / 1000) * message.length)
  const other = others[(place + value) % others.length] ?? message
  switch (kind) {
    case 'byte':
      return written(message, at, [value])
    case 'int16':
      return written(message, at, [value >> 8, value])
    case 'int32':
      return written(message, at, [value >>> 24, value >>> 16, value >>> 8, value])
    case 'int24':
      return written(message, at, [value, value >>> 8, value >>> 16])
    case 'cut':
      return message.subarray(0, at)
    case 'grow':
      return Buffer.concat([message.subarray(0, at), Buffer.alloc(value % 5000, place), message.subarray(at)])
    case 'twice':
      return Buffer.concat([message, message])
    case 'many':
      return Buffer.concat(Array<Buffer>(1 + (value % 2000)).fill(message))
    case 'drop':
    case 'silence':
      return undefined
    case 'other':
      return other
    case 'before':
      return Buffer.concat([other, message])
    case 'endless':
      flood(socket, message)
      return undefined
    case 'drip':
      drip(socket, message)
      return undefined
    case 'close':
      socket.destroy()
      return undefined
    case 'end':
      socket.end(message.subarray(0, at))
      return undefined
  }
}

function written(message: Buffer, at: number, bytes: readonly number[]): Buffer {
  const changed = Buffer.from(message)
  for (const [index, byte] of bytes.entries()) if (at + index < changed.length) changed[at + index] = byte & 0xff
  return changed
}

function flood(socket: Socket, message: Buffer): void {
  const bytes = Buffer.concat(Array<Buffer>(1 + Math.floor(20_000 / (message.length + 1))).fill(message))
  let sent = 0
  const send = () => {
    while (socket.writable && sent < mostBytes) {
      sent += bytes.length + 1
      if (!socket.write(bytes)) return void socket.once('drain', send)
    }
  }
  send()
}

/** Sends the first few bytes one at a time. */
function drip(socket: Socket, message: Buffer): void {
  let at = 0
  const timer = setInterval(() => {
    if (at < Math.min(message.length, 40) && socket.writable) socket.write(message.subarray(at, ++at))
    else clearInterval(timer)
  }, 1)
}
