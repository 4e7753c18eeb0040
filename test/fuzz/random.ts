/**
 * Pseudo-random numbers with a seed: sfc32.
 */
export interface Random {
  /** @returns an integer from 0 to below the bound */
  below(bound: number): number
  /** @returns true with this probability in per cent */
  chance(percent: number): boolean
  pick<T>(list: readonly [T, ...T[]]): T
}

/** @param seeds integers, each combination of which has its own sequence of numbers */
export function createRandom(...seeds: readonly number[]): Random {
  let [a, b, c, counter] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1]
  const next = () => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return sum >>> 0
  }
  for (const seed of seeds) {
    a ^= seed | 0
    b ^= Math.floor(seed / 0x100000000) | 0
    for (let turn = 0; turn < 8; turn++) next()
  }
  const below = (bound: number) => Math.floor((next() / 0x100000000) * bound)
  return {
    below,
    chance: percent => below(100) < percent,
    pick: list => list[below(list.length)] ?? list[0]
  }
}
