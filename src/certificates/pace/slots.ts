/**
 * Work that is limited in number: some at a time, some more that wait, and no more than that.
 */
export interface Slots {
  /** @returns the result; undefined, without any work, if too many wait */
  use<T>(work: () => Promise<T>): Promise<T | undefined>
}

export interface SlotsOptions {
  readonly most: number
  readonly mostWaiting: number
}

export function createSlots({ most, mostWaiting }: SlotsOptions): Slots {
  const waiting: (() => void)[] = []
  let busy = 0
  return {
    async use(work) {
      if (busy >= most) {
        if (waiting.length >= mostWaiting) return undefined
        await new Promise<void>(resolve => waiting.push(resolve))
      } else busy += 1
      try {
        return await work()
      } finally {
        // Why without counting: the slot passes to the next one.
        const next = waiting.shift()
        if (next === undefined) busy -= 1
        else next()
      }
    }
  }
}
