// Zipf's law: the frequency of the domain of rank r is proportional to 1/r^s.
import type { Random } from '../fuzz/random.ts'

/** Description for reports. With 1, the hundred most popular of a million domains get over a third of all requests. */
export const EXPONENT = 1

// Why exact, with a table of sums: the long tail of a million domains is the test for a cache.
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
