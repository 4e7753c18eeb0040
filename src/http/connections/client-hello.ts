/**
 * The parts of the first message of a TLS client that show what the connection is for. Spec: RFC 8446 4.1.2 and 5.1, RFC 7301 3.1.
 */

/** A record has at most this many bytes after its header. */
const mostRecord = 2 ** 14
const headerLength = 5
const handshakeRecord = 22
const clientHello = 1
const alpn = 16

/**
 * @param bytes at least one
 * @returns how many bytes there must be before the protocols can be read; no more than there are if this is not TLS
 */
export function bytesOfHello(bytes: Buffer): number {
  if (bytes[0] !== handshakeRecord) return 0
  if (bytes.length < headerLength) return headerLength
  const length = bytes.readUInt16BE(3)
  return length > mostRecord ? 0 : headerLength + length
}

/**
 * @param bytes from the start of the connection, as many as `bytesOfHello` demands
 * @returns the application protocols (ALPN) that the client offers, in its order. None if the message cannot be read, also because it
 * continues in a second record, which only very long ones do.
 */
export function protocolsOfHello(bytes: Buffer): readonly string[] {
  try {
    const message = bytes.subarray(headerLength, bytesOfHello(bytes))
    return message.readUInt8(0) === clientHello ? readProtocols(vector(message.subarray(1), 3).contents) : []
  } catch {
    return []
  }
}

/** @throws RangeError */
function readProtocols(hello: Buffer): readonly string[] {
  const versionAndRandom = 2 + 32
  const session = vector(hello.subarray(versionAndRandom), 1)
  const ciphers = vector(session.rest, 2)
  const compressions = vector(ciphers.rest, 1)
  let extensions = vector(compressions.rest, 2).contents
  while (extensions.length > 0) {
    const type = extensions.readUInt16BE(0)
    const { contents, rest } = vector(extensions.subarray(2), 2)
    if (type === alpn) return namesOf(vector(contents, 2).contents)
    extensions = rest
  }
  return []
}

function namesOf(list: Buffer): readonly string[] {
  const names: string[] = []
  for (let left = list; left.length > 0; ) {
    const { contents, rest } = vector(left, 1)
    names.push(contents.toString('latin1'))
    left = rest
  }
  return names
}

/** @param width of the length in front of the contents, in bytes. @throws RangeError if there are fewer bytes than it says */
function vector(bytes: Buffer, width: 1 | 2 | 3): { readonly contents: Buffer; readonly rest: Buffer } {
  const end = width + bytes.readUIntBE(0, width)
  if (end > bytes.length) throw new RangeError('the message is cut off')
  return { contents: bytes.subarray(width, end), rest: bytes.subarray(end) }
}
