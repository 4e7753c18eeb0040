/**
 * Reduces an input to the smallest one with the same problem, by removing more and more parts.
 */
import type { Input } from './fuzz-case.ts'

/** Maximum number of attempts, and of milliseconds. Why: reporting the problem soon is more important than a small input. */
const mostTries = 2_000
const mostMs = 20_000

/** @param isWrong whether a smaller input has the problem, too */
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
