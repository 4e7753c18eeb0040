/**
 * What arrives at the https listener instead of a handshake, in the middle of one, and after it: RFC 8446, RFC 5246.
 */
import type { Socket } from 'node:net'
import type { SecureVersion, TLSSocket } from 'node:tls'
import type { FuzzCase, Input } from '../fuzz-case.ts'
import type { Random } from '../random.ts'
import { clientHellos } from './client-hellos.ts'
import { converse, endings, type Heard } from './conversation.ts'
import type { SharedServer } from './server.ts'
import { createTotals } from './totals.ts'

const [firstHello, ...otherHellos] = clientHellos
const handshakeRecord = 22

/** Actions of a client after the handshake. */
const sessions = ['request', 'garbage', 'renegotiate', 'alert', 'half', 'reset', 'large'] as const

const request = 'GET /robots.txt HTTP/1.1\r\nHost: example.com\r\nConnection: close\r\n\r\n'
const names = [
  'autoconfig.example.com',
  'example.com',
  'xn--bcher-kva.example',
  'unknown.example',
  `${'a'.repeat(63)}.example`,
  ''
] as const
const protocols = ['http/1.1', 'h2', 'acme-tls/1', 'x'.repeat(255)] as const
const versions: readonly [SecureVersion, ...SecureVersion[]] = ['TLSv1.2', 'TLSv1.3']
const otherProtocols = [
  request,
  '\x80\x2e\x01\x00\x02',
  'SSH-2.0-x\r\n',
  'EHLO x\r\n',
  'PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n'
] as const

/** @param server all cases of a thread share it */
export function tlsCase(server: SharedServer): FuzzCase {
  const totals = createTotals(server)
  return {
    name: 'tls',
    title: 'states of TLS over real connections to a real server',
    lanes: 48,
    make: random => (random.chance(75) ? anyRecords(random) : anySession(random)),
    async judge({ bytes = '', cuts = '', ending: ended = '', session, name = '', protocol = '', version = '' }) {
      const { ports, fault } = await server.open()
      const spoken = versions.find(each => each === version)
      const tls = {
        servername: name,
        ...(protocol !== '' && { ALPNProtocols: [protocol] }),
        ...(spoken && { minVersion: spoken, maxVersion: spoken })
      }
      const script = {
        bytes,
        cuts: cuts.split(',').map(Number),
        ending: endings.find(each => each === ended) ?? 'reset'
      }
      const place = { port: ports.https, from: totals.nextAddress() }
      const heard = await converse(
        place,
        script,
        session === undefined ? {} : { tls, afterwards: (secure, raw) => act(session, secure, raw) }
      )
      totals.add(heard)
      return (session === undefined ? recordsFault(heard) : sessionFault(heard)) ?? fault()
    },
    finish: totals.finish,
    close: server.close
  }
}

/** Spec: RFC 8446 6: two octets, fatal (2), protocol_version (70). */
const protocolVersionAlert = '00020246'

/**
 * The server may send TLS records of types 20 to 23 and version 3, the last of which may be truncated.
 * Observed: OpenSSL (Node 24.21) answers a ClientHello of an unknown version with an alert that repeats that version.
 */
function recordsFault({ received, isLate }: Heard): string | undefined {
  if (isLate) return 'the connection is not closed'
  const bytes = Buffer.from(received, 'latin1')
  for (let at = 0; at < bytes.length; at += 5 + (at + 5 <= bytes.length ? bytes.readUInt16BE(at + 3) : 0)) {
    const [type = 0, version = 3] = bytes.subarray(at, at + 2)
    const isVersionAlert = bytes.toString('hex', at + 3, at + 7) === protocolVersionAlert && type === 21
    if (type < 20 || type > 23 || (version !== 3 && !isVersionAlert))
      return `no TLS comes back: ${bytes.toString('hex', at, at + 80)}`
  }
  return undefined
}

function sessionFault({ received, isLate }: Heard): string | undefined {
  if (isLate) return 'the connection is not closed'
  return received === '' || /^HTTP\/1\.1 [24]/.test(received) ? undefined : `answered ${received.slice(0, 200)}`
}

function anyRecords(random: Random): Input {
  const bytes = anyFlight(random)
  const cuts = Array.from({ length: random.below(4) }, () => random.below(bytes.length + 1)).join(',')
  // Why rarely: it takes as long as the timeout of the server.
  if (random.below(1000) < 2) return { bytes, cuts, ending: 'wait' }
  return { bytes, cuts, ending: random.pick(['fin', 'fin', 'answer', 'reset'] as const) }
}

function anyFlight(random: Random): string {
  const hello = Buffer.from(random.pick([firstHello, ...otherHellos]), 'hex').toString('latin1')
  const kind = random.below(12)
  if (kind === 0) return hello.slice(0, random.below(hello.length))
  if (kind === 1) return flipped(hello, random)
  if (kind === 2) return `${hello}${noise(random)}`
  if (kind === 3) return `${hello}${hello}`
  if (kind === 4) {
    const version = random.pick([0x0002, 0x0200, 0x0300, 0x0301, 0x0302, 0x0304, 0x7f17])
    return record(handshakeRecord, version, hello.slice(5))
  }
  if (kind === 5) return `${hello}${alert(1 + random.below(2), random.below(256))}`
  // Change cipher spec and application data, many times, too early.
  if (kind === 6)
    return `${random.chance(50) ? hello : ''}${record(20, 0x0303, '\u0001').repeat(1 + random.below(200))}`
  if (kind === 7) return `${random.chance(50) ? hello : ''}${record(23, 0x0303, '').repeat(1 + random.below(200))}`
  if (kind === 8) return random.pick(otherProtocols)
  if (kind === 9) return record(random.below(256), 0x0303, noise(random))
  if (kind === 10) return fragmented(hello.slice(5), random)
  return noise(random)
}

function record(type: number, version: number, body: string): string {
  return `${String.fromCharCode(type, version >> 8, version & 0xff, body.length >> 8, body.length & 0xff)}${body}`
}

function alert(level: number, description: number): string {
  return record(21, 0x0303, String.fromCharCode(level, description))
}

/** @returns one handshake message in many small records */
function fragmented(message: string, random: Random): string {
  let records = ''
  for (let at = 0; at < message.length; ) {
    const size = 1 + random.below(40)
    records += record(handshakeRecord, 0x0301, message.slice(at, at + size))
    at += size
  }
  return records
}

function flipped(text: string, random: Random): string {
  const bytes = Buffer.from(text, 'latin1')
  for (let times = 1 + random.below(4); times > 0; times--) bytes[random.below(bytes.length)] = random.below(256)
  return bytes.toString('latin1')
}

function noise(random: Random): string {
  return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256))).toString('latin1')
}

function anySession(random: Random): Input {
  const session = random.pick(sessions)
  const version = session === 'renegotiate' ? 'TLSv1.2' : random.pick(['', ...versions])
  const protocol = random.chance(70) ? '' : random.pick(protocols)
  const whole = session === 'large' ? request.replace('\r\n\r\n', `\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`) : request
  const bytes = random.chance(20) ? whole.slice(0, random.below(whole.length)) : whole
  return { session, version, protocol, name: random.pick(names), bytes, cuts: '', ending: 'answer' }
}

/** Why below TLS: a client library would never send this. */
function act(session: string, secure: TLSSocket, raw: Socket): void {
  if (session === 'renegotiate') secure.renegotiate({ rejectUnauthorized: false }, () => undefined)
  else if (session === 'alert') raw.write(Buffer.from(alert(2, 10), 'latin1'))
  else if (session === 'garbage') raw.write(Buffer.from(request, 'latin1'))
  else if (session === 'reset') raw.resetAndDestroy()
  else if (session === 'half') raw.end()
}
