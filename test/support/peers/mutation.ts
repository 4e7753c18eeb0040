/**
 * What a hostile or broken server makes of its messages: fields and lengths that cannot be, cuts, floods, drips, answers to
 * questions that were not asked.
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
  /** Of the message on its connection. */
  readonly number: number
  readonly kind: Kind
  /** Thousandths of the message. */
  readonly place: number
  readonly value: number
}

const extremes = [
  0, 1, 2, 3, 4, 5, 127, 128, 255, 256, 32_767, 32_768, 65_535, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff
]

/** Bytes of an endless message that are sent at most: more than any answer may have, and little for a test. */
const mostBytes = 600_000

/** @returns one mutation or a few, as text: `number kind place value`, one a line */
export function anyMutations(random: Random): string {
  const count = 1 + random.below(3)
  return Array.from({ length: count }, () => {
    const value = random.chance(50) ? random.below(256) : (extremes[random.below(extremes.length)] ?? 0)
    return [random.below(14), random.pick(kinds as unknown as [Kind, ...Kind[]]), random.below(1000), value].join(' ')
  }).join('\n')
}

/** @param others messages of the protocol. @returns changes messages as the text says; what makes no sense in it changes nothing */
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

/** @returns what is sent; undefined: nothing */
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

/** Byte by byte, and no more than a few. */
function drip(socket: Socket, message: Buffer): void {
  let at = 0
  const timer = setInterval(() => {
    if (at < Math.min(message.length, 40) && socket.writable) socket.write(message.subarray(at, ++at))
    else clearInterval(timer)
  }, 1)
}
