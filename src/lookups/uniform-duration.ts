/**
 * Answers that take one of few durations, so that a clock does not reveal what was found.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

export interface UniformDurationOptions {
  /** An answer takes a multiple of it. */
  readonly stepMs: number
  /** No answer that is there earlier is held back longer. */
  readonly mostMs: number
}

/** @returns the answer at the end of a step; a rejection too */
export type UniformDuration = <T>(ask: () => Promise<T>) => Promise<T>

/** How many answers are remembered, by the steps that they took and nothing else. */
const remembered = 1000

/** The share of them that must be there in time. Why not all: what held up a few says nothing about the others. */
const inTime = 0.98

/** By how much a timer of Node.js can be late without a reason. */
const timerMs = 2

/**
 * All answers take as many steps as twice the time in which 98 % of the last answers were there. So whether a database is
 * near or far, or compares a name with every row, its answers to known and unknown names arrive well before the end of the
 * last step.
 */
export function createUniformDuration({ stepMs, mostMs }: UniformDurationOptions): UniformDuration {
  const most = Math.max(1, Math.floor(mostMs / stepMs))
  /** UniformDuration of each answer; the oldest one is overwritten. */
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
    let isThere = false
    const answer = ask()
    const arrive = () => {
      isThere = true
    }
    // Why no failures: a database that is away would slow down the answers after it is back.
    answer.then(() => remember(performance.now() - started)).then(arrive, arrive)
    await until(due)
    while (!isThere) {
      due += stepMs
      await until(due)
    }
    return await answer
  }
}

/**
 * Why not a timer alone. Observed: Node.js 24 rounds the time that is left to whole milliseconds whenever it wakes up, so a
 * timer passes on by how many microseconds an answer was late. The loop lets everything else run in between.
 */
async function until(due: number): Promise<void> {
  const restMs = Math.floor(due - performance.now()) - timerMs
  if (restMs > 0) await sleep(restMs)
  while (performance.now() < due) await turn()
}
