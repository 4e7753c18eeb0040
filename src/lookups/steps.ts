/**
 * Answers that take one of few durations, so that a clock does not reveal what was found.
 */
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'

export interface StepsOptions {
  /** An answer takes a multiple of it. */
  readonly stepMs: number
  /** No answer that is there earlier is held back longer. */
  readonly mostMs: number
  /** Tells for how long slow answers count: milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** @returns the answer at the end of a step; a rejection too */
export type Steps = <T>(ask: () => Promise<T>) => Promise<T>

/** Why the third: one answer that was held up by something else must not slow down all others. */
const counted = 3

/** How long slow answers count, once to twice as long. */
const memoryMs = 600_000

/** By how much a timer of Node.js can be late without a reason. */
const timerMs = 2

/**
 * All answers take as many steps as twice the time of the third slowest one of the last minutes. So whether a database is
 * near or far, or compares a name with every row, its answers to known and unknown names arrive well before the end of the
 * last step.
 *
 * Why minutes and not a number of answers: a stranger could push out the slow ones by asking for unknown names.
 */
export function createSteps({ stepMs, mostMs, now = () => performance.now() }: StepsOptions): Steps {
  let recent = { since: now(), slowest: [] as readonly number[] }
  let before: readonly number[] = []

  function forget(): void {
    const time = now()
    if (time - recent.since < memoryMs) return
    before = time - recent.since < 2 * memoryMs ? recent.slowest : []
    recent = { since: time, slowest: [] }
  }

  function remember(durationMs: number): void {
    forget()
    recent.slowest = slowestOf([...recent.slowest, durationMs])
  }

  function waitMs(): number {
    forget()
    const slow = slowestOf([...before, ...recent.slowest])[counted - 1] ?? 0
    return Math.min(mostMs, Math.max(1, Math.ceil((2 * slow) / stepMs)) * stepMs)
  }

  return async ask => {
    const started = performance.now()
    let due = started + waitMs()
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

function slowestOf(durationsMs: readonly number[]): readonly number[] {
  return durationsMs.toSorted((a, b) => b - a).slice(0, counted)
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
