/**
 * PROXY protocol headers as bytes (latin1): those that a proxy sends, and broken ones.
 */
import { addresses4, addresses6, binaryHeader, line4, tlv } from '../support/http/proxy-headers.ts'
import { anyText } from './grammar.ts'
import type { Random } from './random.ts'

export interface AnyProxyHeader {
  readonly bytes: string
  /** Requests after it are answered. */
  readonly isValid: boolean
}

/** Why private addresses: `limits.rate` does not limit them. */
export function anyProxyHeader(random: Random): AnyProxyHeader {
  const bytes = random.pick(kinds)(random).toString('latin1')
  if (random.chance(50)) return { bytes, isValid: true }
  return { bytes: random.pick(faults)(bytes, random), isValid: false }
}

const kinds: readonly [(random: Random) => Buffer, ...((random: Random) => Buffer)[]] = [
  random => line4(`10.0.0.${random.below(256)}`),
  random => Buffer.from(`PROXY TCP6 fd00::${random.below(10_000)} ::1 ${random.below(65_536)} 80\r\n`),
  random => Buffer.from(`PROXY UNKNOWN${' '.repeat(random.below(93))}\r\n`),
  random => binaryHeader({ family: 0x11, block: Buffer.concat([addresses4('10.0.0.7'), anyTlv(random)]) }),
  random =>
    binaryHeader({ family: 0x21, block: Buffer.concat([addresses6([0xfd00, random.below(65_536)]), anyTlv(random)]) }),
  random => binaryHeader({ family: 0x31, block: Buffer.concat([Buffer.alloc(216), anyTlv(random)]) }),
  random => binaryHeader({ command: 0x20, family: random.below(256), block: anyTlv(random) })
]

function anyTlv(random: Random): Buffer {
  return tlv(random.below(256), random.chance(10) ? random.below(65_000) : random.below(64))
}

type Fault = (bytes: string, random: Random) => string

const faults: readonly [Fault, ...Fault[]] = [
  (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  (bytes, random) => changeAt(bytes, random, String.fromCharCode(random.below(256))),
  (bytes, random) => changeAt(bytes, random, Buffer.from(anyText(random, '')).toString('latin1')),
  (bytes, random) => changeAt(bytes, random, ''),
  bytes => `${bytes}${bytes}`,
  () => ''
]

/** Replaces a character, usually near the beginning. */
function changeAt(bytes: string, random: Random, text: string): string {
  const at = random.below(random.chance(80) ? Math.min(60, bytes.length) : bytes.length)
  return `${bytes.slice(0, at)}${text}${bytes.slice(at + 1)}`
}
