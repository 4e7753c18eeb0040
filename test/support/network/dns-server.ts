/**
 * A DNS server on the loopback, over UDP and TCP, whose responses the test defines, and its messages (RFC 1035 4).
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { DnsQuestion } from '../../../src/network/dns-message.ts'

/** Spec: RFC 1035 3.2.2. */
const typeNumbers = { CNAME: 5, SOA: 6, MX: 15 } as const

export type Spoken =
  | { readonly type: 'MX'; readonly name: string; readonly ttl: number; readonly preference: number; exchange: string }
  | { readonly type: 'CNAME'; readonly name: string; readonly ttl: number; readonly target: string }
  | { readonly type: 'SOA'; readonly name: string; readonly ttl: number; readonly minimum: number }

export interface SpokenResponse {
  readonly answers?: readonly Spoken[]
  readonly authorities?: readonly Spoken[]
  readonly code?: number
  readonly isTruncated?: boolean
}

export interface ReceivedQuery extends DnsQuestion {
  readonly over: 'udp' | 'tcp'
}

/** @returns the response; undefined to send none */
export type Say = (query: ReceivedQuery) => Buffer | undefined

export interface DnsServer {
  /** `127.0.0.1:53` */
  readonly place: string
  /** The queries received so far. */
  readonly queries: readonly ReceivedQuery[]
  readonly stop: () => void
}

/** @param host an address of this machine */
export async function startDnsServer(say: Say, { host = '127.0.0.1' } = {}): Promise<DnsServer> {
  const queries: ReceivedQuery[] = []
  const answer = (query: Buffer, over: ReceivedQuery['over']) => {
    const question = { ...readQuestion(query), over }
    queries.push(question)
    return say(question)
  }
  const { tcp, udp, port } = await listenOnBoth(host)
  tcp.on('connection', socket => converse(socket, query => answer(query, 'tcp')))
  udp.on('message', (query, client) => {
    const response = answer(query, 'udp')
    if (response !== undefined) udp.send(response, client.port, client.address)
  })
  return {
    place: host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`,
    queries,
    stop() {
      tcp.close()
      udp.close()
    }
  }
}

/** @returns a TCP server and a UDP socket on the same port. Why several attempts: another process may use one of the two. */
async function listenOnBoth(host: string, attempts = 20) {
  const tcp = createServer().listen(0, host)
  await once(tcp, 'listening')
  const { port } = tcp.address() as AddressInfo
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  try {
    udp.bind(port, host)
    await once(udp, 'listening')
    return { tcp, udp, port }
  } catch (error) {
    tcp.close()
    udp.close()
    if (attempts === 1) throw error
    return await listenOnBoth(host, attempts - 1)
  }
}

/** Why in pieces: TCP may split a message anywhere. */
function converse(socket: Socket, answer: (query: Buffer) => Buffer | undefined): void {
  socket.on('error', () => undefined)
  socket.once('data', data => {
    const response = answer(data.subarray(2))
    if (response === undefined) return socket.end()
    socket.write(uint16(response.length).subarray(0, 1), () => {
      socket.end(Buffer.concat([uint16(response.length).subarray(1), response]))
    })
  })
}

export function respond(query: DnsQuestion, response: SpokenResponse = {}): Buffer {
  const { answers = [], authorities = [], code = 0, isTruncated = false } = response
  return Buffer.concat([
    uint16(query.id, 0x8180 | (isTruncated ? 0x0200 : 0) | code, 1, answers.length, authorities.length, 0),
    nameOf(query.name),
    uint16(typeNumbers[query.type], 1),
    ...[...answers, ...authorities].map(recordOf)
  ])
}

function readQuestion(query: Buffer): DnsQuestion {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { id: query.readUInt16BE(0), name: labels.join('.'), type: typeAt(query, at + 1) }
}

function typeAt(query: Buffer, at: number): DnsQuestion['type'] {
  const number = query.readUInt16BE(at)
  return number === typeNumbers.MX ? 'MX' : number === typeNumbers.SOA ? 'SOA' : 'CNAME'
}

export function recordOf(record: Spoken): Buffer {
  const data = dataOf(record)
  const ttl = uint16(record.ttl >>> 16, record.ttl & 0xffff)
  return Buffer.concat([nameOf(record.name), uint16(typeNumbers[record.type], 1), ttl, uint16(data.length), data])
}

function dataOf(record: Spoken): Buffer {
  if (record.type === 'CNAME') return nameOf(record.target)
  if (record.type === 'MX') return Buffer.concat([uint16(record.preference), nameOf(record.exchange)])
  const { minimum } = record
  const numbers = uint16(0, 1, 0, 2, 0, 3, 0, 4, minimum >>> 16, minimum & 0xffff)
  return Buffer.concat([nameOf('ns.example'), nameOf('admin.example'), numbers])
}

export function nameOf(name: string): Buffer {
  const labels = name.split('.').filter(Boolean)
  return Buffer.concat([
    ...labels.map(label => Buffer.from([label.length, ...Buffer.from(label, 'latin1')])),
    Buffer.of(0)
  ])
}

export function uint16(...numbers: number[]): Buffer {
  return Buffer.from(numbers.flatMap(number => [number >> 8, number & 0xff]))
}
