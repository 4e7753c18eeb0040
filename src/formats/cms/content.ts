/**
 * Extracts the content of a CMS signature: RFC 5652, in BER (X.690 8.1), because tools of Apple and others write indefinite
 * lengths. The signature is not verified.
 */
import { objectIdentifier, tags } from './der.ts'

const signedData = objectIdentifier('1.2.840.113549.1.7.2')

/** @returns the signed content; undefined if it is not SignedData or the content is not embedded */
export function signedContent(ber: Buffer): Buffer | undefined {
  try {
    const [type, wrapped] = childrenOf(elementAt(ber, 0, 0))
    if (type === undefined || !type.whole.equals(signedData)) return undefined
    const [signed] = childrenOf(wrapped)
    const [, , encapsulated] = childrenOf(signed)
    const [, content] = childrenOf(encapsulated)
    const [octets] = childrenOf(content)
    return octets && octetsOf(octets)
  } catch {
    // Why: reading beyond the end of truncated data throws a RangeError.
    return undefined
  }
}

interface Element {
  readonly tag: number
  readonly contents: Buffer
  /** Including tag and length. */
  readonly whole: Buffer
  readonly depth: number
}

/** Why: certificates have about ten levels, malicious data a thousand. */
const deepest = 32
const constructed = 0x20

/** @throws RangeError */
function elementAt(ber: Buffer, at: number, depth: number): Element {
  if (depth > deepest) throw new RangeError('nested too deeply')
  const tag = ber.readUInt8(at)
  const first = ber.readUInt8(at + 1)
  if (first === 0x80) return indefiniteAt(ber, at, depth)
  const octets = first < 0x80 ? 0 : first & 0x7f
  if (octets > 4) throw new RangeError('length too large')
  const start = at + 2 + octets
  const end = start + (octets === 0 ? first : ber.readUIntBE(at + 2, octets))
  if (end > ber.length) throw new RangeError('ends too early')
  return { tag, contents: ber.subarray(start, end), whole: ber.subarray(at, end), depth }
}

/** Spec: X.690 8.1.3.6: the contents end at two octets of zero. */
function indefiniteAt(ber: Buffer, at: number, depth: number): Element {
  const start = at + 2
  let end = start
  while (ber.readUInt16BE(end) !== 0) end += elementAt(ber, end, depth + 1).whole.length
  return { tag: ber.readUInt8(at), contents: ber.subarray(start, end), whole: ber.subarray(at, end + 2), depth }
}

function childrenOf(parent: Element | undefined): Element[] {
  const children: Element[] = []
  if (parent === undefined || (parent.tag & constructed) === 0) return children
  const { contents, depth } = parent
  for (let at = 0; at < contents.length; ) {
    const child = elementAt(contents, at, depth + 1)
    children.push(child)
    at += child.whole.length
  }
  return children
}

/** Spec: X.690 8.7.3: an octet string consists of one or several pieces. */
function octetsOf(element: Element): Buffer | undefined {
  if (element.tag === tags.octets) return element.contents
  if (element.tag !== (tags.octets | constructed)) return undefined
  const pieces = childrenOf(element).map(octetsOf)
  return pieces.some(piece => piece === undefined)
    ? undefined
    : Buffer.concat(pieces.filter(piece => piece !== undefined))
}
