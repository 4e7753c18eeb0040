/**
 * At most so many at the same time; the others wait in line.
 */
export type Limit = <Result>(run: () => Promise<Result>) => Promise<Result>

export function createLimit(most: number): Limit {
  let free = most
  const waiting: (() => void)[] = []
  return async run => {
    if (free > 0) free--
    else await new Promise<void>(resolve => waiting.push(resolve))
    try {
      return await run()
    } finally {
      // Why handed on: between a place given back and one taken, somebody new would slip in.
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
