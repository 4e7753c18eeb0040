/**
 * Answers that take one of few durations, so that a clock does not reveal what was found.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

export interface StepsOptions {
  /** An answer takes a multiple of it. */
  readonly stepMs: number
  /** No answer that is there earlier is held back longer. */
  readonly mostMs: number
}

/** @returns the answer at the end of a step; a rejection too */
export type Steps = <T>(ask: () => Promise<T>) => Promise<T>

/** How many durations are remembered, without what was asked. */
const remembered = 100

/**
 * All answers take as many steps as twice the time that slow answers have taken lately. So whether a database is near or
 * far, or compares a name with every row, its answers to known and unknown names arrive well before the end of the step.
 */
export function createSteps({ stepMs, mostMs }: StepsOptions): Steps {
  const durations: number[] = []
  let count = 0

  function remember(durationMs: number): void {
    durations[count % remembered] = durationMs
    count += 1
  }

  function waitMs(): number {
    // Why the third: one answer that was held up by something else must not slow down the next hundred.
    const [, , slow = 0] = durations.toSorted((a, b) => b - a)
    return Math.min(mostMs, Math.max(1, Math.ceil((2 * slow) / stepMs)) * stepMs)
  }

  return async ask => {
    const started = performance.now()
    let due = started + waitMs()
    let isThere = false
    const arrive = () => {
      isThere = true
    }
    const answer = ask()
    answer
      .then(
        () => remember(performance.now() - started),
        () => undefined
      )
      .then(arrive)
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

/** By how much a timer of Node.js can be late without a reason. */
const timerMs = 2
