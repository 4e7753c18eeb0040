/**
 * Milliseconds of processor time: unlike time on a clock, they are the same on a busy machine.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Linear time grows by a factor of 4 with four times the size, and quadratic time by 16. */
const allowedGrowth = 7

/** Why more than one: a collection of garbage may fall into the measurement. */
const attempts = 3

export interface GrowthOptions {
  /** Of the large input. The small one has a quarter of it. */
  readonly size: number
  /** Milliseconds of processor time that the large input may take, however they grow. */
  readonly freeMs: number
}

/** @returns how time grows with the size of the input, or undefined if it is linear */
export async function superlinear(
  run: (size: number) => unknown,
  { size, freeMs }: GrowthOptions
): Promise<string | undefined> {
  let found: string | undefined
  for (let attempt = 0; attempt < attempts; attempt++) {
    const large = await cpuMs(() => run(size))
    if (large < freeMs) return undefined
    const small = await cpuMs(() => run(size / 4))
    if (large < small * allowedGrowth) return undefined
    found = `${Math.round(small)} ms for ${size / 4}, ${Math.round(large)} ms for ${size}`
  }
  return found
}
