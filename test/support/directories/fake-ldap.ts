/**
 * An LDAP server (RFC 4511) whose responses the test defines.
 */

import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { createSecureContext, createServer as createTlsServer, type SecureContextOptions, TLSSocket } from 'node:tls'
import { BerReader, BerWriter } from 'ldapts'
import type { Test } from 'tap'
import type { DatabaseServer } from '../../../src/directories/database-server.ts'
import { takenApart } from '../taken-apart.ts'

export interface LdapRequest {
  readonly id: number
  readonly operation: Operation
  /** Its names and values, in order. */
  readonly texts: readonly string[]
  /** The socket of the request, for the response. */
  readonly socket: Socket
}

export type Operation = 'bind' | 'search' | 'extended' | 'unbind'

export interface FakeLdap {
  readonly port: number
  readonly requests: LdapRequest[]
  readonly sockets: Set<Socket>
}

export interface FakeLdapOptions {
  /** Uses TLS from the first byte. */
  readonly tls?: SecureContextOptions
  /** Path of a socket, instead of a port. */
  readonly path?: string
}

/** @param answer the response to each request; by default, each succeeds and finds nothing */
export async function fakeLdap(
  t: Test,
  answer: (request: LdapRequest) => unknown = succeed,
  { tls, path }: FakeLdapOptions = {}
): Promise<FakeLdap> {
  const requests: LdapRequest[] = []
  const sockets = new Set<Socket>()
  function attend(socket: Socket) {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    listen(socket, each => {
      requests.push(each)
      answer(each)
    })
  }
  const server = tls === undefined ? createServer(attend) : createTlsServer(tls, attend)
  server.listen(path === undefined ? { port: 0, host: '127.0.0.1' } : { path })
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = path === undefined ? (server.address() as AddressInfo) : { port: 0 }
  return { port, requests, sockets }
}

export function succeed({ id, operation, socket }: LdapRequest): void {
  socket.write(result(id, operation))
}

/** Switches the connection to TLS, after the response to StartTLS. */
export function upgrade(
  { socket }: LdapRequest,
  tls: SecureContextOptions,
  answer: (request: LdapRequest) => void
): void {
  socket.removeAllListeners('data')
  const secured = new TLSSocket(socket, { isServer: true, secureContext: createSecureContext(tls) })
  secured.on('error', () => undefined)
  listen(secured, answer)
}

const requests: Readonly<Record<number, Operation>> = { 96: 'bind', 99: 'search', 119: 'extended', 66: 'unbind' }
const results = { bind: 0x61, search: 0x65, extended: 0x78, unbind: 0x42 }

function listen(socket: Socket, onRequest: (request: LdapRequest) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes])
    for (;;) {
      const reader = new BerReader(rest)
      if (rest.length < 2 || reader.readSequence() === null || reader.remain < reader.length) return
      const message = rest.subarray(0, reader.offset + reader.length)
      rest = rest.subarray(message.length)
      const id = reader.readInt() ?? 0
      const operation = requests[reader.peek() ?? 0] ?? 'unbind'
      onRequest({ id, operation, texts: takenApart(message).values.filter(({ length }) => length > 2), socket })
    }
  })
}

/** @returns the message that completes the response to a request */
export function result(id: number, operation: Operation, { code = 0, words = '' } = {}): Buffer {
  return message(id, results[operation], writer => {
    writer.writeEnumeration(code)
    writer.writeString('')
    writer.writeString(words)
  })
}

/** @returns the message with one found entry */
export function found(id: number, attributes: Readonly<Record<string, readonly (string | Buffer)[]>>): Buffer {
  return message(id, 0x64, writer => {
    writer.writeString('o=a')
    writer.startSequence()
    for (const [name, values] of Object.entries(attributes)) {
      writer.startSequence()
      writer.writeString(name)
      writer.startSequence(0x31)
      for (const value of values) writer.writeBuffer(Buffer.from(value), 0x04)
      writer.endSequence()
      writer.endSequence()
    }
    writer.endSequence()
  })
}

function message(id: number, operation: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter()
  writer.startSequence()
  writer.writeInt(id)
  writer.startSequence(operation)
  write(writer)
  writer.endSequence()
  writer.endSequence()
  return writer.buffer
}

/** Options to connect to a fake server. */
export const serverAt = ({ port }: FakeLdap, changes: Partial<DatabaseServer> = {}): DatabaseServer => ({
  host: '127.0.0.1',
  isSocket: false,
  port,
  database: '',
  user: '',
  password: () => undefined,
  tls: undefined,
  ...changes
})

/** Answers searches with these entries, which also contain the requested name. */
export const finding = (...entries: readonly Parameters<typeof found>[1][]) => {
  return (request: LdapRequest) => {
    const names = request.texts.filter(text => text.endsWith('.example'))
    const stored = names.length > 0 ? { associatedDomain: names } : {}
    if (request.operation === 'search') {
      for (const each of entries) request.socket.write(found(request.id, { ...stored, ...each }))
    }
    succeed(request)
  }
}
