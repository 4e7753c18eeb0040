/**
 * Delays answers to one of a few durations, so that their timing does not reveal what was found.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

export interface UniformDurationOptions {
  /** Every answer takes a multiple of this. */
  readonly stepMs: number
  /** No answer is delayed beyond this. */
  readonly mostMs: number
}

/** @returns the answer, or its rejection, at the end of a step */
export type UniformDuration = <T>(ask: () => Promise<T>) => Promise<T>

/** Number of answers whose duration in steps is remembered, and nothing else about them. */
const remembered = 1000

/** The share of them that must arrive in time. Why not all: what delayed a few says nothing about the others. */
const inTime = 0.98

/** How late a timer of Node.js may be on an idle machine. */
const timerMs = 2

/**
 * All answers take twice the time in which 98 % of the last answers arrived, rounded up to steps. So whether a database is
 * near or far, or compares a name with every row, its answers about known and unknown names arrive well before the end of
 * the last step.
 */
export function createUniformDuration({ stepMs, mostMs }: UniformDurationOptions): UniformDuration {
  const most = Math.max(1, Math.floor(mostMs / stepMs))
  /** Duration of each answer in steps; the oldest one is overwritten. */
  const answers: number[] = []
  let at = 0

  function remember(durationMs: number): void {
    answers[at] = Math.min(most, Math.ceil((2 * durationMs) / stepMs))
    at = (at + 1) % remembered
  }

  function steps(): number {
    const sorted = Uint16Array.from(answers).sort()
    return sorted[Math.ceil(sorted.length * inTime) - 1] ?? 1
  }

  return async ask => {
    const started = performance.now()
    let due = started + steps() * stepMs
    let hasArrived = false
    const answer = ask()
    const arrive = () => {
      hasArrived = true
    }
    // Why failures are not remembered: after an outage of the database they would delay the answers.
    answer.then(() => remember(performance.now() - started)).then(arrive, arrive)
    await until(due)
    while (!hasArrived) {
      due += stepMs
      await until(due)
    }
    return await answer
  }
}

/**
 * Why a timer alone is not enough: Observed with Node.js 24, a timer rounds the remaining time to whole milliseconds whenever
 * it wakes up, so it passes on by how many microseconds an answer was late. The loop lets everything else run in between.
 */
async function until(due: number): Promise<void> {
  const restMs = Math.floor(due - performance.now()) - timerMs
  if (restMs > 0) await sleep(restMs)
  while (performance.now() < due) await turn()
}
