// Zipf's law: the domain of rank r is asked for as often as 1/r^s says.
import type { Random } from '../fuzz/random.ts'

/** What the reports say of it; with 1, the hundred most popular of a million have over a third of all requests. */
export const EXPONENT = 1

// Why exact, by a table of sums: the tail of a million domains is what a cache is tried with.
/** @returns draws a rank from 0, the most popular first */
export const createZipf = (count: number, random: Random): (() => number) => {
  const sums = new Float64Array(count)
  let total = 0
  for (let rank = 0; rank < count; rank++) {
    total += 1 / (rank + 1) ** EXPONENT
    sums[rank] = total
  }
  return () => firstAbove(sums, (random.below(RESOLUTION) / RESOLUTION) * total)
}

const RESOLUTION = 2 ** 32

const firstAbove = (sums: Float64Array, sought: number): number => {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((sums[middle] ?? 0) > sought) high = middle
    else low = middle + 1
  }
  return low
}
