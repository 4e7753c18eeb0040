/**
 * The whole service over real sockets: bytes in, bytes out, and its log.
 */
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createApp } from '../../src/app.ts'
import { createLogger } from '../../src/http/log/access-log.ts'
import { sourceOf } from '../support/source-of.ts'
import { canariesIn, hasMarkup } from './canary.ts'
import { isOwn } from './document-faults.ts'
import type { FuzzCase, Input } from './fuzz-case.ts'
import { type RawAnswer, readRawAnswers } from './raw-answers.ts'
import { anyRawRequest } from './raw-request.ts'
import { table } from './table.ts'

const statuses = new Set([100, 200, 204, 302, 307, 400, 404, 405, 413, 414, 431, 505])
const forbidden = new Set(['set-cookie', 'www-authenticate', 'server', 'x-powered-by'])

/** An address or a name may come back, in an answer to itself. */
const personal = ['local', 'domain', 'typed', 'name']

/** What the log may tell: the domain that was asked about. */
const logged = ['domain', 'host']

const patienceMs = 10_000

export async function openWireCase(): Promise<FuzzCase> {
  const lines: string[] = []
  const logger = createLogger(undefined, { write: line => lines.push(line) })
  const app = createApp({ source: sourceOf({ table }), logger })
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
  return late ? 'the connection is not closed' : answersFault(received, input)
}

function answersFault(received: string, { bytes = '', least, most }: Input): string | undefined {
  const answers = readRawAnswers(received).filter(({ status }) => status !== 100)
  if (answers.length > Number(most)) return `${answers.length} answers, not ${most} at most: ${received.slice(0, 300)}`
  // Why: after an answer that announces the end of the connection, no further request is answered.
  const hasEnded = answers.at(-1)?.headers.some(([name, value]) => name === 'connection' && value === 'close') === true
  if (answers.length < Number(least) && !hasEnded)
    return `${answers.length} answers, not ${least}: ${received.slice(0, 300)}`
  const sent = canariesIn(decodeURIComponentSafely(bytes))
  for (const answer of answers) {
    const fault = answerFault(answer, sent)
    if (fault !== undefined) return fault
  }
  return undefined
}

function answerFault({ status, headers, body }: RawAnswer, sent: readonly string[]): string | undefined {
  if (!statuses.has(status)) return `status ${status}`
  for (const [name, value] of headers) {
    if (forbidden.has(name)) return `header ${name}`
    if (name === 'location' && !isOwn(value)) return `Location ${value}`
    // Why: a redirect to https carries its own question along.
    const fields =
      name === 'location' ? canariesIn(value).filter(field => !personal.includes(field)) : canariesIn(value)
    if (fields.length > 0 || hasMarkup(value, '')) return `header ${name} gives back ${value}`
  }
  const [, type = ''] = headers.find(([name]) => name === 'content-type') ?? []
  if (hasMarkup(body, type)) return 'markup came back unescaped'
  const told = status === 404 && !type.startsWith('text/html') ? [] : personal
  const leaked = canariesIn(body).filter(field => !told.includes(field) || !sent.includes(field))
  return leaked.length > 0 ? `${status} gives back the field ${leaked.join(', ')}` : undefined
}

function logFault(lines: readonly string[]): string | undefined {
  const bad = lines.find(
    line => /"outcome":"failed"|"level":[56]0/.test(line) || canariesIn(line).some(field => !logged.includes(field))
  )
  return bad === undefined ? undefined : `log: ${bad}`
}

function decodeURIComponentSafely(text: string): string {
  return text.replace(/%[\da-f]{2}/gi, code => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}
