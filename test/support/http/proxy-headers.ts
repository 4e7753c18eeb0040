/**
 * PROXY protocol headers as a proxy writes them.
 */
const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')

export interface BinaryHeader {
  /** Version and command. Default: version 2, PROXY. */
  readonly command?: number
  /** Family and protocol. */
  readonly family: number
  /** Addresses and TLVs. */
  readonly block?: Buffer
  /** Default: that of the block. */
  readonly length?: number
}

/** @returns a header of version 2 */
export function binaryHeader({ command = 0x21, family, block = Buffer.alloc(0), length }: BinaryHeader): Buffer {
  const rest = Buffer.alloc(4)
  rest.writeUInt8(command, 0)
  rest.writeUInt8(family, 1)
  rest.writeUInt16BE(length ?? block.length, 2)
  return Buffer.concat([signature, rest, block])
}

/** @returns the addresses and ports of a connection from a client to 192.0.2.1 */
export function addresses4(source: string): Buffer {
  return Buffer.from([...source.split('.').map(Number), 192, 0, 2, 1, 0xd4, 0x31, 0, 80])
}

/** @param groups of the client's address. @returns the addresses and ports of a connection to ff… */
export function addresses6(groups: readonly number[]): Buffer {
  const block = Buffer.alloc(36, 0xff)
  for (const [at, group] of groups.entries()) block.writeUInt16BE(group, at * 2)
  return block
}

/** @param length of the value */
export function tlv(type: number, length: number): Buffer {
  const header = Buffer.from([type, length >> 8, length & 255])
  return Buffer.concat([header, Buffer.alloc(length, 0x41)])
}

/** @returns a line of version 1 for a client that connects to 192.0.2.1 */
export function line4(source: string): Buffer {
  return Buffer.from(`PROXY TCP4 ${source} 192.0.2.1 54321 80\r\n`)
}
