/**
 * How many orders are left in this hour. Each order is a file, so that restarts and other nodes count.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { beingWritten, type CertificateStorage } from './certificate-storage.ts'

export interface OrderBudget {
  /**
   * Uses up one order, unless there have been `most` orders in the last hour for any names.
   * @returns undefined, or when the next order is possible, in milliseconds since 1970
   * @throws StorageFault
   */
  take(most: number): Promise<number | undefined>
}

const hourMs = 60 * 60 * 1000
export const orderFolder = 'orders'

/** @param clock milliseconds since 1970 */
export function createOrderBudget(storage: CertificateStorage, clock: () => number): OrderBudget {
  let before: Promise<unknown> = Promise.resolve()

  async function takeOne(most: number): Promise<number | undefined> {
    const now = clock()
    const times: number[] = []
    for (const name of await storage.list(orderFolder)) {
      // Why: another node is writing it, and its name is no time.
      if (name.endsWith(beingWritten)) continue
      const time = Number.parseInt(name, 10)
      // Why also in the future: the clock was ahead, and has been set right.
      if (Math.abs(now - time) < hourMs) times.push(time)
      else await storage.remove(join(orderFolder, name))
    }
    const oldest = times.sort((a, b) => a - b)[times.length - most]
    if (oldest !== undefined) return oldest + hourMs
    await storage.write(join(orderFolder, `${now}-${randomUUID()}`), '')
    return undefined
  }

  return {
    async take(most) {
      // Why one after the other: simultaneous orders would all count the same files.
      const taken = before.then(() => takeOne(most))
      before = taken.catch(() => undefined)
      return await taken
    }
  }
}
