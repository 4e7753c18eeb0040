/**
 * Sequential requests in several parallel lanes, over connections that are kept for some requests.
 */
import { Agent, request } from 'node:http'
import { type Asked, mix } from './mix.ts'

export interface Lanes {
  /** Correct responses by name. */
  readonly answered: ReadonlyMap<string, number>
  /** The first incorrect response, and their number. */
  readonly failed: { count: number; readonly examples: string[] }
  /** Waits until requests in progress are completed. */
  stop(): Promise<void>
}

/** Average number of requests per connection, which is similar to a mail program. */
const keptFor = 10

const patienceMs = 10_000
const mostExamples = 5

export function startLanes(port: number, count: number): Lanes {
  const agent = new Agent({ keepAlive: true, maxSockets: count })
  const answered = new Map<string, number>()
  const failed = { count: 0, examples: [] as string[] }
  let stopping = false
  let turn = 0

  async function lane(): Promise<void> {
    while (!stopping) {
      for (const asked of mix(`john.d${(turn++ % 1000).toString(36)}`)) {
        if (stopping) return
        const problem = await ask(asked)
        if (problem === undefined) answered.set(asked.name, (answered.get(asked.name) ?? 0) + 1)
        else if (++failed.count <= mostExamples) failed.examples.push(`${asked.name}: ${problem}`)
      }
    }
  }

  /** @returns the problem with the response */
  function ask({ method, target, headers, body, status, contains }: Asked): Promise<string | undefined> {
    return new Promise(resolve => {
      const leaves = Math.random() * keptFor < 1
      const kept = leaves ? { agent: false as const, headers: { ...headers, Connection: 'close' } } : { agent, headers }
      const sent = request({ host: '127.0.0.1', port, method, path: target, timeout: patienceMs, ...kept }, answer => {
        let text = ''
        answer.setEncoding('latin1').on('data', chunk => {
          text += chunk
        })
        answer.once('error', error => resolve(error.message))
        answer.once('end', () => {
          const right = answer.statusCode === status && text.includes(contains)
          resolve(right ? undefined : `${answer.statusCode} ${text.slice(0, 200)}`)
        })
      })
      sent.once('timeout', () => sent.destroy(new Error('no answer in time')))
      sent.once('error', error => resolve(error.message))
      sent.end(body)
    })
  }

  const running = Array.from({ length: count }, lane)
  return {
    answered,
    failed,
    async stop() {
      stopping = true
      await Promise.all(running)
      agent.destroy()
    }
  }
}
