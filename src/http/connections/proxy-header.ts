/**
 * Reads the PROXY protocol header at the beginning of a connection, versions 1 and 2:
 * https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt (2020-03-05).
 *
 * Why no package: those on npm (proxy-protocol-js, @balena/proxy-protocol-parser, findhit-proxywrap) decode a header that has
 * arrived completely, or search text of any length for one. None of them limits what a sender may send in pieces.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { canonicalIPv6 } from '../limits/client-keys.ts'

export interface ProxyHeader {
  /** In bytes. The connection itself begins after them; they may not have arrived yet. */
  readonly length: number
  /** The address of the client; undefined if the address of the peer is valid for the connection. */
  readonly source: string | undefined
}

/**
 * Why a header cannot be read. `missing`: the connection begins with something else. `invalid`: it begins like a header, but does
 * not follow the specification.
 */
export type ProxyHeaderFault = 'missing' | 'invalid'

/** Spec: 2.1: a line of version 1 has at most 107 bytes. Version 2 needs the first 52 at most to know its source. */
export const mostHeaderStart = 107

const linePrefix = Buffer.from('PROXY ')
const signature = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** @param start the first bytes of a connection: `mostHeaderStart`, or fewer if no more have arrived */
export function readProxyHeader(start: Buffer): ProxyHeader | ProxyHeaderFault | 'incomplete' {
  if (beginsLike(start, signature)) return start.length < signatureEnd ? 'incomplete' : readBinary(start)
  if (beginsLike(start, linePrefix)) return readLine(start)
  return 'missing'
}

/** Signature, version and command, family and protocol, length. */
const signatureEnd = 16

/** @returns whether all bytes that both have are equal */
function beginsLike(start: Buffer, prefix: Buffer): boolean {
  const length = Math.min(start.length, prefix.length)
  return start.compare(prefix, 0, length, 0, length) === 0
}

const carriageReturn = 0x0d
const lineFeed = 0x0a

function readLine(start: Buffer): ProxyHeader | 'invalid' | 'incomplete' {
  const end = start.findIndex(byte => byte === carriageReturn || byte === lineFeed)
  // Spec: 2.1: a single CR or LF must not end the line.
  const isIncomplete = end === -1 || (end === start.length - 1 && start[end] === carriageReturn)
  if (isIncomplete) return start.length < mostHeaderStart ? 'incomplete' : 'invalid'
  if (start[end] !== carriageReturn || start[end + 1] !== lineFeed) return 'invalid'
  const length = end + 2
  const [, protocol, source = '', destination = '', ...ports] = start.toString('latin1', 0, end).split(' ')
  // Spec: 2.1: the rest of the line is ignored.
  if (protocol === 'UNKNOWN') return { length, source: undefined }
  const isAddress = addressChecks.get(protocol)
  const isValid = isAddress?.(source) && isAddress(destination) && ports.length === 2 && ports.every(isPort)
  return isValid ? { length, source } : 'invalid'
}

const addressChecks: ReadonlyMap<string | undefined, (text: string) => boolean> = new Map([
  ['TCP4', isIPv4],
  // Why: node accepts zones, which mean something only on the machine of the sender.
  ['TCP6', text => isIPv6(text) && !text.includes('%')]
])

function isPort(text: string): boolean {
  const port = Number(text)
  // Why compared with the text: it must not have a sign, leading zeros, white space or an exponent.
  return Number.isInteger(port) && port >= 0 && port <= 65_535 && String(port) === text
}

interface Family {
  /** Bytes that source, destination and ports take. */
  readonly length: number
  /** Undefined: not the address of a client that can be counted. */
  readonly sourceOf?: (addresses: Buffer) => string
  /** Bytes that `sourceOf` needs. */
  readonly needed: number
}

/** Spec: 2.2: AF_UNSPEC, AF_INET, AF_INET6 and AF_UNIX; others are invalid. */
const families: readonly Family[] = [
  { length: 0, needed: 0 },
  { length: 12, needed: 4, sourceOf: addresses => addresses.subarray(0, 4).join('.') },
  { length: 36, needed: 16, sourceOf: addresses => canonicalIPv6(groupsOf(addresses)) },
  { length: 216, needed: 0 }
]

function groupsOf(addresses: Buffer): string {
  return Array.from({ length: 8 }, (_, group) => addresses.readUInt16BE(group * 2).toString(16)).join(':')
}

/** The values of the two halves of a byte. Spec: 2.2. */
const version = 2
const local = 0
const forwarded = 1
const datagram = 2

/**
 * Spec: 2.2: TLVs may be skipped. The checksum among them is for receivers that support it. A datagram's addresses are those of
 * the client, too, for example of QUIC.
 */
function readBinary(start: Buffer): ProxyHeader | 'invalid' | 'incomplete' {
  const versionAndCommand = start.readUInt8(signature.length)
  const familyAndProtocol = start.readUInt8(signature.length + 1)
  const stated = start.readUInt16BE(signature.length + 2)
  const command = versionAndCommand & 15
  if (versionAndCommand >> 4 !== version || command > forwarded) return 'invalid'
  const length = signatureEnd + stated
  // Spec: 2.2: the family of such a connection, for example a health check, is ignored.
  if (command === local) return { length, source: undefined }
  const family = families[familyAndProtocol >> 4]
  const protocol = familyAndProtocol & 15
  if (family === undefined || protocol > datagram || stated < family.length) return 'invalid'
  if (protocol === 0 || family.sourceOf === undefined) return { length, source: undefined }
  const addresses = start.subarray(signatureEnd)
  return addresses.length < family.needed ? 'incomplete' : { length, source: family.sourceOf(addresses) }
}
