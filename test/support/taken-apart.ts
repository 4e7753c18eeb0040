/**
 * A parser for BER messages (X.690) that does not interpret their content.
 */
export interface TakenApart {
  /** The nested tags. */
  readonly structure: string
  /** Primitive values in order, as text. */
  readonly values: readonly string[]
}

export function takenApart(bytes: Buffer): TakenApart {
  const values: string[] = []
  function read(from: number, to: number): string {
    let text = ''
    for (let at = from; at < to; ) {
      const tag = bytes[at] ?? 0
      const first = bytes[at + 1] ?? 0
      // Spec: X.690 8.1.3.5: the number of bytes of the length.
      const long = first < 0x80 ? 0 : first & 0x7f
      const start = at + 2 + long
      const end = start + (long === 0 ? first : bytes.readUIntBE(at + 2, long))
      // Spec: X.690 8.1.2.5: bit 6 means a constructed encoding.
      const isNested = (tag & 0x20) !== 0
      text += `${tag.toString(16)}(${isNested ? read(start, end) : ''})`
      if (!isNested) values.push(bytes.toString('utf8', start, end))
      at = end
    }
    return text
  }
  return { structure: read(0, bytes.length), values }
}
