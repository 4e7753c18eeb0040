/**
 * The smallest input that is still wrong, found by leaving out more and more of it.
 */
import type { Input } from './fuzz-case.ts'

/** How often, and how many milliseconds, is tried at most: a fault in hand is worth more than a small one later. */
const mostTries = 2_000
const mostMs = 20_000

/** @param isWrong whether a smaller input shows the fault too */
export async function reduce(input: Input, isWrong: (input: Input) => Promise<boolean>): Promise<Input> {
  let smallest = input
  let tries = 0
  const ends = performance.now() + mostMs
  const mayTry = () => tries < mostTries && performance.now() < ends
  for (const name of Object.keys(input)) {
    for (
      let size = Math.ceil((smallest[name] ?? '').length / 2);
      size > 0;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let at = 0; at < (smallest[name] ?? '').length && mayTry(); tries++) {
        const text = smallest[name] ?? ''
        const smaller = { ...smallest, [name]: text.slice(0, at) + text.slice(at + size) }
        if (await isWrong(smaller)) smallest = smaller
        else at += size
      }
    }
  }
  return smallest
}
