// DNS for the private network (RFC 1035): every host of the zone has one address; MX, NS, SRV and TXT records as given; everything else is NXDOMAIN.

import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { DNS_ADDRESS, WORLD_ADDRESS } from './namespace.ts'

export interface Zone {
  /** Names that have an address, which is the same for all. */
  hosts: string[]
  /** Mail exchanger of a domain. */
  mx?: Record<string, string>
  /** Name server of a domain. */
  ns?: Record<string, string>
  /** Host and port of a service. */
  srv?: Record<string, { host: string; port: number }>
  /** Text of a name, at most 255 bytes. */
  txt?: Record<string, string>
}

export interface DnsStub {
  /** Type and name of all queries so far: `MX example.com`. */
  readonly queries: readonly string[]
  stop(): void
}

const HEADER_LENGTH = 12
const TYPE_A = 1
const TYPE_NS = 2
const TYPE_MX = 15
const TYPE_TXT = 16
const TYPE_AAAA = 28
const TYPE_SRV = 33
const typeNames = new Map([
  [TYPE_A, 'A'],
  [TYPE_NS, 'NS'],
  [TYPE_MX, 'MX'],
  [TYPE_TXT, 'TXT'],
  [TYPE_AAAA, 'AAAA'],
  [TYPE_SRV, 'SRV']
])
const CLASS_IN = 1
const ANSWER_AUTHORITATIVE = 0x8580 // response, authoritative, recursion desired and available
const NAME_ERROR = 3
const NAME_OF_QUESTION = 0xc00c // compression: "the name at offset 12"
const TTL = [0, 0, 0, 30]

export async function startDnsStub(zone: Zone): Promise<DnsStub> {
  const socket = createSocket('udp4')
  const queries: string[] = []
  socket.on('message', (query, client) => {
    const { name, type } = readQuestion(query)
    queries.push(`${typeNames.get(type) ?? type} ${name}`)
    socket.send(answer(query, zone), client.port, client.address)
  })
  socket.bind(53, DNS_ADDRESS)
  await once(socket, 'listening')
  return { queries, stop: () => socket.close() }
}

function answer(query: Buffer, zone: Zone): Buffer {
  const { name, type, end } = readQuestion(query)
  const exchanger = zone.mx?.[name]
  const nameServer = zone.ns?.[name]
  const service = zone.srv?.[name]
  const text = zone.txt?.[name]
  const isHost = zone.hosts.includes(name)

  let data: Buffer | undefined
  if (type === TYPE_A && isHost) data = Buffer.from(WORLD_ADDRESS.split('.').map(Number))
  if (type === TYPE_MX && exchanger !== undefined) data = Buffer.concat([uint16(10), encodeName(exchanger)])
  if (type === TYPE_NS && nameServer !== undefined) data = encodeName(nameServer)
  if (type === TYPE_TXT && text !== undefined) data = encodeText(text)
  if (type === TYPE_SRV && service !== undefined) {
    const [priority, weight] = [10, 1]
    data = Buffer.concat([...[priority, weight, service.port].map(uint16), encodeName(service.host)])
  }

  const exists = isHost || [exchanger, nameServer, service, text].some(each => each !== undefined)
  const header = Buffer.concat([
    query.subarray(0, 2),
    uint16(ANSWER_AUTHORITATIVE | (exists ? 0 : NAME_ERROR)),
    uint16(1), // questions
    uint16(data ? 1 : 0), // answers
    uint16(0),
    uint16(0)
  ])
  const question = query.subarray(HEADER_LENGTH, end)
  return Buffer.concat([header, question, ...(data ? [record(type, data)] : [])])
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = HEADER_LENGTH
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function record(type: number, data: Buffer): Buffer {
  const head = [uint16(NAME_OF_QUESTION), uint16(type), uint16(CLASS_IN), Buffer.from(TTL), uint16(data.length)]
  return Buffer.concat([...head, data])
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').map(label => Buffer.from(`${String.fromCharCode(label.length)}${label}`, 'latin1'))
  return Buffer.concat([...labels, Buffer.from([0])])
}

function encodeText(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}
