/**
 * An answer that comes at one of few times, so that a clock does not tell how much there was to be found.
 */
import { setTimeout as sleep } from 'node:timers/promises'

/** @returns the answer, so many milliseconds after now, or twice, three times as many: after the first at which it is there */
export async function inSteps<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let isThere = false
  const arrive = () => {
    isThere = true
  }
  answer.then(arrive, arrive)
  // Why not what is left of a step once the answer is there: timers count whole milliseconds from when they are set.
  do await sleep(milliseconds)
  while (!isThere)
  return await answer
}
