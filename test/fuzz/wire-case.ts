/**
 * The whole service over real sockets: bytes in, bytes out, and its log.
 */

import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createApp } from '../../src/app.ts'
import { createLogger } from '../../src/http/log/access-log.ts'
import { createSource } from '../../src/sources/source.ts'
import { answersFault, logFault } from './answer-faults.ts'
import type { FuzzCase, Input } from './fuzz-case.ts'
import { anyProxyHeader } from './proxy-header.ts'
import { anyRawRequest } from './raw-request.ts'
import { proxiedTable, table } from './table.ts'

const patienceMs = 10_000

export function openWireCase(): Promise<FuzzCase> {
  return openCase(table, { name: 'wire', title: 'bytes over real connections', make: anyRawRequest })
}

/** The same after PROXY protocol headers, valid and broken ones. */
export function openProxiedWireCase(): Promise<FuzzCase> {
  return openCase(proxiedTable, {
    name: 'proxied',
    title: 'PROXY protocol headers over real connections',
    mayReset: true,
    make(random) {
      const { bytes: request = '', least = '0', most } = anyRawRequest(random)
      const { bytes, isValid } = anyProxyHeader(random)
      return { bytes: `${bytes}${request}`, least: isValid ? least : '0', most: String(Math.max(1, Number(most))) }
    }
  })
}

interface WireCase extends Pick<FuzzCase, 'name' | 'title' | 'make'> {
  /** Why: unread bytes cause the service to reset the connection. */
  readonly mayReset?: boolean
}

async function openCase(
  servedTable: typeof table,
  { name, title, make, mayReset = false }: WireCase
): Promise<FuzzCase> {
  const lines: string[] = []
  const logger = createLogger(undefined, { write: line => lines.push(line) })
  const app = createApp({ source: createSource({ table: servedTable }), logger })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  let turn = 0
  return {
    name,
    title,
    lanes: 16,
    make,
    relax: input => ({ ...input, least: '0' }),
    async judge(input) {
      turn++
      // Why a different address each time: ports of recently closed connections are not free yet.
      const from = `127.${1 + (turn % 200)}.${1 + ((turn >> 8) % 200)}.1`
      const answered = await exchange({ port, from, mayReset }, input)
      return answered ?? logFault(lines.splice(0))
    },
    close: () => app.close()
  }
}

interface Exchange {
  readonly port: number
  /** An address of this machine. */
  readonly from: string
  readonly mayReset: boolean
}

/** Sends everything, closes its side, and reads to the end. */
async function exchange({ port, from, mayReset }: Exchange, input: Input): Promise<string | undefined> {
  const options = { port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true }
  const socket = connect(options).setEncoding('latin1')
  let received = ''
  let late = false
  socket.on('data', chunk => {
    received += chunk
  })
  // Why errors are ignored: the server may reset a client that sends too much, and only the data before that matters.
  socket.on('error', () => undefined)
  const timer = setTimeout(() => {
    late = true
    socket.destroy()
  }, patienceMs)
  socket.end(Buffer.from(input.bytes ?? '', 'latin1'))
  if (!socket.closed) {
    await once(socket, 'close').catch(error => {
      if (!mayReset) throw error
    })
  }
  clearTimeout(timer)
  const { bytes = '', least, most } = input
  return late
    ? 'the connection is not closed'
    : answersFault(received, { bytes, least: Number(least), most: Number(most) })
}
