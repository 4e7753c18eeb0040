/**
 * Requests over real connections to a real server, over http and https, and to its admin listener: pipelined, split anywhere,
 * ended early, reset.
 */
import { answersFault, type Expected } from '../answer-faults.ts'
import type { FuzzCase, Input } from '../fuzz-case.ts'
import type { Random } from '../random.ts'
import { anyRawRequest } from '../raw-request.ts'
import { converse, type Ending, endings, type Heard } from './conversation.ts'
import type { SharedServer } from './server.ts'
import { createTotals } from './totals.ts'

const doors = ['http', 'http', 'http', 'http', 'https', 'https', 'admin'] as const
const adminPaths = [
  '/healthz',
  '/readyz',
  '/metrics',
  '/internal/tls-ask?domain=example.com',
  '/internal/reload'
] as const

/** @param server all cases of a thread share it */
export function socketsCase(server: SharedServer): FuzzCase {
  const totals = createTotals(server)
  return {
    name: 'sockets',
    title: 'requests over real connections to a real server',
    lanes: 48,
    make: anyConversation,
    relax: input => ({ ...input, least: '0' }),
    async judge({ door = '', bytes = '', cuts = '', ending: ended = '', least, most }) {
      const { ports, fault } = await server.open()
      const spoken = doors.find(each => each === door) ?? 'http'
      const ending = endings.find(each => each === ended) ?? 'fin'
      const place = { port: ports[spoken], from: totals.nextAddress() }
      const tls = spoken === 'https' ? {} : undefined
      const heard = await converse(place, { bytes, cuts: cuts.split(',').map(Number), ending }, { tls })
      totals.add(heard)
      if (heard.isLate) return `the connection is not closed after ${ending}`
      const expected = { bytes, least: Number(least), most: most === '' ? Number.POSITIVE_INFINITY : Number(most) }
      return (spoken === 'admin' ? adminFault(heard) : heardFault(heard, expected, { ending })) ?? fault()
    },
    finish: totals.finish,
    close: server.close
  }
}

function adminFault({ received }: Heard): string | undefined {
  return /^HTTP\/1\.1 5(?!05)/m.test(received) ? received.slice(0, 300) : undefined
}

function heardFault({ received }: Heard, expected: Expected, { ending }: { ending: Ending }): string | undefined {
  if (ending === 'fin' || ending === 'wait') return answersFault(received, expected)
  // Why only the beginning: a reset truncates the last response.
  return /^HTTP\/1\.1 5(?!05)/.test(received) ? received.slice(0, 300) : undefined
}

function anyConversation(random: Random): Input {
  const { bytes = '', least = '0', most = '1' } = anyRawRequest(random)
  const door = random.pick(doors)
  const sent = door === 'admin' ? bytes.replace(/^([A-Z]+) \S+/, `$1 ${random.pick(adminPaths)}`) : bytes
  // Why rarely: it takes as long as the timeout of the server.
  if (random.below(1000) < 2) {
    return { door, bytes: sent.slice(0, random.below(60)), cuts: '', ending: 'wait', least: '0', most: '1' }
  }
  const cuts = Array.from({ length: random.chance(50) ? 0 : 1 + random.below(4) }, () => random.below(sent.length + 1))
  const ending = random.pick(['fin', 'fin', 'fin', 'answer', 'answer', 'reset'] as const)
  const isCut = ending === 'reset' && random.chance(50)
  return {
    door,
    bytes: isCut ? sent.slice(0, random.below(sent.length + 1)) : sent,
    cuts: cuts.join(','),
    ending,
    least: door === 'http' && ending === 'fin' ? least : '0',
    most
  }
}
