/**
 * A DNS server over a list of records (RFC 1035). Why not a package: names in SRV records must not be compressed (RFC 2782),
 * and node's resolver refuses them otherwise.
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { SocketAddress } from 'node:net'
import type { DnsRecord } from '../../../src/dns/record.ts'

/** Records of a domain, including types that `signpost dns` does not need. */
export type ZoneRecord =
  | DnsRecord
  | { readonly name: string; readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly name: string; readonly type: 'MX'; readonly priority: number; readonly exchange: string }
  | { readonly name: string; readonly type: 'NS'; readonly host: string }
  | { readonly name: string; readonly type: 'CAA'; readonly tag: string; readonly value: string }

export interface NameServerOptions {
  readonly records: readonly ZoneRecord[]
  /** Faults by name. Other names get their records. */
  readonly faults?: Readonly<Record<string, Fault>>
  /** Default: a free port on 127.0.0.1. */
  readonly listen?: { readonly address: string; readonly port: number }
}

export type Fault = 'SERVFAIL' | 'REFUSED' | 'malformed' | 'silence'

export interface NameServer {
  /** `127.0.0.1:53` */
  readonly place: string
  readonly stop: () => void
}

const types = { A: 1, NS: 2, CNAME: 5, MX: 15, TXT: 16, AAAA: 28, SRV: 33, CAA: 257 }
const codes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 }
const headerLength = 12
/** Flags: response, authoritative, recursion desired, recursion available. */
const flags = 0x8580

export async function startNameServer(options: NameServerOptions): Promise<NameServer> {
  const { address, port } = options.listen ?? { address: '127.0.0.1', port: 0 }
  const socket = createSocket('udp4')
  socket.on('message', (query, client) => {
    const response = answer(query, options)
    if (response !== undefined) socket.send(response, client.port, client.address)
  })
  socket.bind(port, address)
  await once(socket, 'listening')
  return { place: `${address}:${socket.address().port}`, stop: () => socket.close() }
}

function answer(query: Buffer, { records, faults = {} }: NameServerOptions): Buffer | undefined {
  const { name, type, end } = readQuestion(query)
  const fault = faults[name]
  if (fault === 'silence') return undefined
  const question = query.subarray(headerLength, end)
  if (fault === 'malformed') return Buffer.concat([header(query, 0, 9), question])
  if (fault !== undefined) return Buffer.concat([header(query, codes[fault], 0), question])
  const named = records.filter(record => record.name === name)
  const alias = named.find(record => record.type === 'CNAME')
  const target = alias === undefined ? [] : records.filter(record => record.name === alias.target)
  const answers = [...named, ...target].filter(each => types[each.type] === type || each === alias)
  // Spec: RFC 8020: a name exists if there are names below it.
  const exists = records.some(record => record.name === name || record.name.endsWith(`.${name}`))
  return Buffer.concat([header(query, exists ? 0 : codes.NXDOMAIN, answers.length), question, ...answers.map(encode)])
}

function header(query: Buffer, code: number, answers: number): Buffer {
  return Buffer.concat([query.subarray(0, 2), uint16(flags | code, 1, answers, 0, 0)])
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = headerLength
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function encode(record: ZoneRecord): Buffer {
  const data = dataOf(record)
  const internet = 1
  const seconds = 30
  return Buffer.concat([encodeName(record.name), uint16(types[record.type], internet, 0, seconds, data.length), data])
}

function dataOf(record: ZoneRecord): Buffer {
  switch (record.type) {
    case 'A':
      return Buffer.from(record.address.split('.').map(Number))
    case 'AAAA':
      return encodeIpv6(record.address)
    case 'CNAME':
      return encodeName(record.target)
    case 'MX':
      return Buffer.concat([uint16(record.priority), encodeName(record.exchange)])
    case 'NS':
      return encodeName(record.host)
    case 'SRV':
      return Buffer.concat([uint16(record.priority, record.weight, record.port), encodeName(record.target)])
    case 'TXT':
      return Buffer.concat((record.text.match(/.{1,255}/g) ?? ['']).map(encodeText))
    case 'CAA':
      return Buffer.concat([Buffer.from([0]), encodeText(record.tag), Buffer.from(record.value)])
    default:
      return record satisfies never
  }
}

function encodeIpv6(address: string): Buffer {
  const [head = '', tail = ''] = new SocketAddress({ address, family: 'ipv6' }).address.split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)]
  return uint16(...all.map(group => Number.parseInt(group, 16)))
}

function encodeName(name: string): Buffer {
  return Buffer.concat([...name.split('.').filter(Boolean).map(encodeText), Buffer.from([0])])
}

function encodeText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])
}

function uint16(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length)
  for (const [index, number] of numbers.entries()) bytes.writeUInt16BE(number, 2 * index)
  return bytes
}
