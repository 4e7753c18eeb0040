/**
 * The part of DER that signing and certificate requests need: X.690 8.1 (tag, length, contents) and 10.1 (definite lengths with as few octets as
 * possible).
 */

/** Tags of the supported elements. */
export const tags = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** Context-specific, constructed: [0]. */
  context0: 0xa0
} as const

export function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const length = contents.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(length)]), ...contents])
}

/** @param dotted such as 1.2.840.113549 */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...arcs] = dotted.split('.').map(Number)
  // Spec: X.690 8.19: the first two arcs share a number. Numbers are in base 128, with bit 8 set in all but the last octet.
  const octets = [first * 40 + second, ...arcs].flatMap(arc => {
    const digits = [arc & 0x7f]
    for (let rest = arc >> 7; rest > 0; rest >>= 7) digits.unshift((rest & 0x7f) | 0x80)
    return digits
  })
  return element(tags.objectIdentifier, Buffer.from(octets))
}

/**
 * @param constructed a valid element that consists of other elements
 * @returns those elements, each including tag and length
 */
export function elementsOf(constructed: Buffer): Buffer[] {
  const elements: Buffer[] = []
  for (let at = contentsAt(constructed, 0); at < constructed.length; ) {
    const start = contentsAt(constructed, at)
    const end = start + lengthAt(constructed, at)
    elements.push(constructed.subarray(at, end))
    at = end
  }
  return elements
}

/** @param der a valid element. @returns what it contains, without tag and length */
export function contentsOf(der: Buffer): Buffer {
  const start = contentsAt(der, 0)
  return der.subarray(start, start + lengthAt(der, 0))
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets: number[] = []
  for (let rest = length; rest > 0; rest >>= 8) octets.unshift(rest & 0xff)
  return [0x80 | octets.length, ...octets]
}

function lengthAt(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1)
  return first < 0x80 ? first : der.readUIntBE(at + 2, first & 0x7f)
}

function contentsAt(der: Buffer, at: number): number {
  const first = der.readUInt8(at + 1)
  return at + 2 + (first < 0x80 ? 0 : first & 0x7f)
}
