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
import { anyRawRequest } from './raw-request.ts'
import { table } from './table.ts'

const patienceMs = 10_000

export async function openWireCase(): Promise<FuzzCase> {
  const lines: string[] = []
  const logger = createLogger(undefined, { write: line => lines.push(line) })
  const app = createApp({ source: createSource({ table }), logger })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  let turn = 0
  return {
    name: 'wire',
    title: 'bytes over real connections',
    lanes: 16,
    make: anyRawRequest,
    relax: input => ({ ...input, least: '0' }),
    async judge(input) {
      turn++
      // Why another address each time: ports of one that were closed a moment ago are not free yet.
      const answered = await exchange(port, `127.${1 + (turn % 200)}.${1 + ((turn >> 8) % 200)}.1`, input)
      return answered ?? logFault(lines.splice(0))
    },
    close: () => app.close()
  }
}

/** Sends all of it, says that this was all, and reads to the end. */
async function exchange(port: number, localAddress: string, input: Input): Promise<string | undefined> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true }).setEncoding('latin1')
  let received = ''
  let late = false
  socket.on('data', chunk => {
    received += chunk
  })
  // Why nothing: the server may cut off who sends too much, and what it said before that counts.
  socket.on('error', () => undefined)
  const timer = setTimeout(() => {
    late = true
    socket.destroy()
  }, patienceMs)
  socket.end(Buffer.from(input.bytes ?? '', 'latin1'))
  if (!socket.closed) await once(socket, 'close')
  clearTimeout(timer)
  const { bytes = '', least, most } = input
  return late
    ? 'the connection is not closed'
    : answersFault(received, { bytes, least: Number(least), most: Number(most) })
}
