// A server's response, as it was received and as the bare server repeats it.
import { request as httpRequest } from 'node:http'
import type { BenchCase, BenchRequest } from './cases.ts'
import { Failure } from './failure.ts'

export type Answer = {
  status: number
  /** Names and values alternately, without the headers that node adds to every response. */
  headers: string[]
  /** One character per byte. */
  body: string
}

const NODE_ADDS = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding'])

export const fetchAnswer = (port: number, { method, target, headers, body }: BenchRequest): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path: target, headers, agent: false }, response => {
      let text = ''
      response.setEncoding('latin1')
      response.on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => {
        const kept = response.rawHeaders.filter((_, index, all) => {
          const name = all[index - (index % 2)] ?? ''
          return !NODE_ADDS.has(name.toLowerCase())
        })
        resolve({ status: response.statusCode ?? 0, headers: kept, body: text })
      })
      response.on('error', reject)
    })
    request.on('error', reject)
    request.end(body)
  })

/** Sends all requests of the sequence once. @returns the first response. @throws if a response does not match the case */
export const checkAnswers = async (port: number, benchCase: BenchCase, ring: readonly BenchRequest[]) => {
  let first: Answer | undefined
  for (const request of ring) {
    const answer = await fetchAnswer(port, request)
    if (answer.status !== benchCase.status)
      throw new Failure(`${benchCase.name}: ${request.target} gave ${answer.status}, not ${benchCase.status}`)
    if (!answer.body.includes(benchCase.contains))
      throw new Failure(`${benchCase.name}: ${request.target} gave no ${benchCase.contains}`)
    first ??= answer
    const { length } = first.body
    if (Math.abs(answer.body.length - length) > length * (benchCase.lengthsDiffer ?? 0))
      throw new Failure(`${benchCase.name}: answers of ${first.body.length} and of ${answer.body.length} bytes`)
  }
  if (!first) throw new Failure(`${benchCase.name}: the ring is empty`)
  return first
}
