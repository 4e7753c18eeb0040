/**
 * Resident memory of a process over time, and whether it is flat.
 */
import { median } from '../bench/median.ts'
import { residentMemory } from '../bench/usage.ts'

export interface Memory {
  /** MiB after warming up, at the end, and the growth per minute between them. */
  readonly warm: number
  readonly end: number
  readonly slope: number
  readonly isFlat: boolean
}

/** MiB by which the end may exceed the value after warming up. Why: garbage collection is not predictable. */
const growthLimit = 10

const everyMs = 500

/** @returns a function that stops watching */
export function watchMemory(pid: number): () => Memory | undefined {
  const samples: number[] = []
  const timer = setInterval(() => {
    const mebibytes = residentMemory(pid)
    if (mebibytes !== undefined) samples.push(mebibytes)
  }, everyMs)
  return () => {
    clearInterval(timer)
    return samples.length < 10 ? undefined : judge(samples)
  }
}

/** Why without the first third: caches fill, and code is compiled. */
function judge(samples: readonly number[]): Memory {
  const warmed = samples.slice(Math.floor(samples.length / 3))
  const fifth = Math.max(1, Math.floor(warmed.length / 5))
  const warm = median(warmed.slice(0, fifth))
  const end = median(warmed.slice(-fifth))
  return { warm, end, slope: slopeOf(warmed) * (60_000 / everyMs), isFlat: end - warm <= growthLimit }
}

/** Linear regression with least squares. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const shared = values.reduce((sum, value, at) => sum + (at - middle) * (value - mean), 0)
  return shared / values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
}
