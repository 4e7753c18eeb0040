/**
 * Decodes foreign text by its byte order mark or its XML declaration (XML 1.0, 4.3.3 and appendix F), and otherwise as UTF-8.
 * No byte is replaced: a byte that cannot be decoded is a fault with its position.
 */

export type Decoded = { readonly text: string } | DecodingFault

export interface DecodingFault {
  /** What was found and what is expected. */
  readonly fault: string
  /** The text before the first byte that cannot be decoded. */
  readonly before: string
}

/** @returns the text without its byte order mark */
export function decodeText(bytes: Buffer): Decoded {
  const declared = encodingOfMark(bytes) ?? encodingOfDeclaration(bytes)
  const label = declared ?? 'utf-8'
  const encoding = canonicalName(label)
  if (encoding === undefined) {
    return { fault: `found the encoding "${label}", expected one such as UTF-8, UTF-16 or ISO-8859-1`, before: '' }
  }
  const isXml = /^\s*</.test(bytes.toString('latin1', 0, declarationBytes))
  const expected = isXml
    ? 'the encoding in a line such as <?xml version="1.0" encoding="ISO-8859-1"?>'
    : 'a file saved as UTF-8'
  const fault =
    declared === undefined
      ? `found bytes that are not UTF-8, expected ${expected}`
      : `found bytes that are not ${label}, expected a file saved in this encoding`
  const text = decode(bytes, encoding)
  if (text === undefined) return { fault, before: longestDecodable(bytes, encoding) }
  const undefinedAt = encoding.startsWith('utf-') ? -1 : text.search(/[\u0080-\u009f]/)
  return undefinedAt === -1 ? { text } : { fault, before: text.slice(0, undefinedAt) }
}

function encodingOfMark(bytes: Buffer): string | undefined {
  const start = bytes.toString('hex', 0, 3)
  if (start === 'efbbbf') return 'UTF-8'
  // Spec: XML 1.0, appendix F: without a mark, UTF-16 is recognized by the zero byte next to "<".
  if (start.startsWith('fffe') || start.startsWith('3c00')) return 'UTF-16LE'
  return start.startsWith('feff') || start.startsWith('003c') ? 'UTF-16BE' : undefined
}

/** Bytes of the longest XML declaration. */
const declarationBytes = 256

function encodingOfDeclaration(bytes: Buffer): string | undefined {
  const head = bytes.toString('latin1', 0, declarationBytes)
  const [declaration = ''] = /^\s*<\?xml\s[^>]*/.exec(head) ?? []
  const [, label] = /\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(declaration) ?? []
  // Observed: StringWriter of .NET declares UTF-16, and the text is then saved as UTF-8.
  return label !== undefined && canonicalName(label)?.startsWith('utf-16') === true ? undefined : label
}

/** @returns undefined if the encoding is unknown. Spec: encoding.spec.whatwg.org, Names and labels. */
function canonicalName(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding
  } catch {
    return undefined
  }
}

/** @returns undefined if a byte cannot be decoded */
function decode(bytes: Buffer, encoding: string, { isPart = false } = {}): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isPart })
  } catch {
    return undefined
  }
}

/** Why a binary search: decoding byte by byte would take quadratic time. */
function longestDecodable(bytes: Buffer, encoding: string): string {
  let [low, high] = [0, bytes.length]
  let longest = ''
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    const text = decode(bytes.subarray(0, middle), encoding, { isPart: true })
    if (text === undefined) high = middle - 1
    else [low, longest] = [middle, text]
  }
  return longest
}
