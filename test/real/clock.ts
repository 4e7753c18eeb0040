// An attacker with a clock: requests addresses of several classes in random order, and guesses from the duration of
// each response which class the address belongs to.

import { Agent, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Test } from 'tap'
import type { PersonalRequest } from '../support/personal-requests.ts'

const host = '127.0.0.1'

export interface Timed {
  readonly ms: number
  readonly body: string
}

export type AskTimed = (what: PersonalRequest) => Promise<Timed>

/** @returns sends requests over connections that stay open */
export function askAt(t: Test, port: number): AskTimed {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.teardown(() => agent.destroy())
  return async ({ method, url, payload }) => {
    const { promise, resolve, reject } = Promise.withResolvers<Timed>()
    const started = performance.now()
    const sent = request({ host, port, agent, method, path: url }, async response => {
      const body = await buffer(response)
      resolve({ ms: performance.now() - started, body: body.toString() })
    })
    sent.on('error', reject).end(payload)
    return await promise
  }
}

export interface Guesses {
  /** Compares two responses, one of each class, with each other. */
  readonly inPairs: number
  /** Compares one response with a threshold, the best one for the other half of the responses. */
  readonly alone: number
  /** The same with the fraction of a millisecond, because timers of Node.js reveal when the process last woke up. */
  readonly byFraction: number
}

/** @returns how many guesses are correct, 0 to 1, by rule */
export function guesses(first: readonly number[], second: readonly number[]): Guesses {
  const middle = median([...first, ...second])
  const fractions = (times: readonly number[]) => times.map(ms => (ms - middle + 100.5) % 1)
  return {
    inPairs: guessesInPairs(first, second),
    alone: guessesAlone(first, second),
    byFraction: guessesAlone(fractions(first), fractions(second))
  }
}

/** The range of pure chance: with 600 responses of each class, chance exceeds it once in a thousand runs. */
export function isChance({ inPairs, alone, byFraction }: Guesses): boolean {
  return inPairs >= 0.44 && Math.max(inPairs, alone, byFraction) <= 0.56
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? 0
}

function guessesInPairs(first: readonly number[], second: readonly number[]): number {
  let wins = 0
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (first.length * second.length)
}

function guessesAlone(first: readonly number[], second: readonly number[]): number {
  const half = (times: readonly number[], rest: number) => times.filter((_, at) => at % 2 === rest)
  const learn = [0, 1].map(rest => {
    const { limit, sign } = bestLimit(half(first, rest), half(second, rest))
    const isFirst = (ms: number) => ms > limit === sign > 0
    const [tested, other] = [half(first, 1 - rest), half(second, 1 - rest)]
    const correct = tested.filter(isFirst).length + other.filter(ms => !isFirst(ms)).length
    return correct / (tested.length + other.length)
  })
  return learn.reduce((sum, share) => sum + share, 0) / learn.length
}

function bestLimit(first: readonly number[], second: readonly number[]): { limit: number; sign: number } {
  const times = [...first.map(ms => ({ ms, is: 1 })), ...second.map(ms => ({ ms, is: -1 }))].sort((a, b) => a.ms - b.ms)
  let best = { limit: 0, sign: 1, score: 0 }
  let score = 0
  for (const { ms, is } of times) {
    score -= is
    if (Math.abs(score) > best.score) best = { limit: ms, sign: Math.sign(score), score: Math.abs(score) }
  }
  return best
}

/** @returns the median and the 95th percentile, as a text for the report */
export function durationSummary(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(3)
  return `median ${at(0.5)} ms, 95 % ${at(0.95)} ms`
}

/** @returns a pseudo-random order that is the same in every run */
export function shuffled<T>(items: readonly T[]): T[] {
  let seed = 1
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed
  }
  return items
    .map(item => ({ item, place: next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
