/**
 * Milliseconds of processor time, which does not depend on other programs, unlike elapsed time.
 */
export async function cpuMs(run: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** Linear time grows by a factor of 4 with four times the size, and quadratic time by 16. */
const allowedGrowth = 7

/** Why more than one: a measurement may include a garbage collection. */
const attempts = 3

export interface GrowthOptions {
  /** Size of the large input. The small one has a quarter of it. */
  readonly size: number
  /** Milliseconds of processor time that are always allowed for the large input. */
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
