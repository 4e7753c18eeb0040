/**
 * Orders certificates: those of listed names one after the other, and those that clients ask for as they come. One process of a
 * service does this for all its workers.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Table } from '../settings/table.ts'
import { type AttemptOptions, attempt } from './attempt.ts'
import { groupOf, listedGroups, type NameGroup, wantedGroup } from './names.ts'
import type { AttemptResult } from './order-group.ts'
import { type CertificateSummary, createProgressBoard } from './progress.ts'
import { createSlots } from './slots.ts'
import { removeLeftovers } from './storage/leftovers.ts'
import { groupFolder } from './storage/stored-certificate.ts'

export interface Orderer {
  /** Begins with the listed names. @returns at once */
  start(): void
  /**
   * A client asks for a name that has no certificate.
   * @returns whether the name has one now, after an order if necessary; it never rejects
   */
  want(name: string): Promise<boolean>
  /** @param stored called with the key of a group after its certificate has been stored */
  subscribe(stored: (key: string) => unknown): void
  /** The settings have changed. */
  refresh(): void
  /** @returns when the order in progress has been given up */
  stop(): Promise<void>
  /** Number of attempts by result. */
  readonly counts: Readonly<Record<'obtained' | 'failed' | 'refused', number>>
  summary(): CertificateSummary
}

export interface OrdererOptions extends AttemptOptions {
  readonly tableOf: () => Table
  readonly logger: Pick<Logger, 'info' | 'warn'>
  /** @returns after the time, or when `wake` is called */
  readonly rest: Rest
}

export interface Rest {
  sleep(milliseconds: number): Promise<void>
  wake(): void
}

/** How many groups are ordered at the same time because clients ask, and how many wait. */
const demand = { most: 8, mostWaiting: 100 }

/** Between two looks at what is due. */
const leastRestMs = 1000
const longestRestMs = 60_000

/** After this many groups, other work of the process has its turn. */
const groupsAtOnce = 500

export function createOrderer(options: OrdererOptions): Orderer {
  const { tableOf, storage, permit, clock, logger, signal, rest } = options
  const board = createProgressBoard(clock)
  const unlisted = new Map<string, NameGroup>()
  const active = new Map<string, Promise<AttemptResult>>()
  const counts = { obtained: 0, failed: 0, refused: 0 }
  const slots = createSlots(demand)
  let holdUntil = 0
  let stored: (key: string) => unknown = () => undefined
  let running: Promise<void> = Promise.resolve()

  /** @param isWanted only a client asks for it */
  function run(group: NameGroup, isWanted: boolean): Promise<AttemptResult> {
    const { key } = group
    const inProgress = active.get(key)
    if (inProgress !== undefined) return inProgress
    const result = attempt(group, options).then(each => {
      active.delete(key)
      if (!signal.aborted) record(group, each, isWanted)
      return each
    })
    active.set(key, result)
    return result
  }

  function record({ key }: NameGroup, result: AttemptResult, isWanted: boolean): void {
    const { nextAt, problem, obtained, notAfter, holdUntil: hold = 0 } = result
    holdUntil = Math.max(holdUntil, hold)
    const before = board.get(key)?.problem
    if (obtained) {
      counts.obtained += 1
      logger.info({ names: obtained.names, until: new Date(obtained.notAfter) }, 'certificate obtained')
      if (isWanted) unlisted.set(key, { key, names: [] })
      stored(key)
    } else if (problem !== undefined) counts.failed += 1
    // Why only changes: the same reason would fill the log for days.
    if (problem !== undefined && problem !== before) {
      logger.warn({ domain: key, problem, next: new Date(nextAt) }, 'certificate is missing or incomplete')
    }
    if (nextAt === Number.POSITIVE_INFINITY) {
      board.forget(key)
      unlisted.delete(key)
    } else board.set(key, { nextAt, problem, notAfter }, { isWanted: isWanted && obtained === undefined })
  }

  /** @throws StorageFault */
  async function readStored(): Promise<void> {
    await removeLeftovers(storage, clock())
    for (const file of await storage.list(groupFolder)) {
      // Why without names: an attempt adds those of the certificate.
      if (file.endsWith('.pem')) unlisted.set(file.slice(0, -4), { key: file.slice(0, -4), names: [] })
    }
  }

  function* groups(): Generator<NameGroup> {
    yield* listedGroups(tableOf())
    yield* unlisted.values()
  }

  /** Tries every group that is due. @returns when the next one is due, in milliseconds since 1970 */
  async function tryAll(): Promise<number> {
    let next = Number.POSITIVE_INFINITY
    let count = 0
    for (const group of groups()) {
      if (++count % groupsAtOnce === 0) await breathe()
      if (signal.aborted || clock() < holdUntil) return holdUntil
      const nextAt = board.get(group.key)?.nextAt ?? 0
      next = Math.min(next, nextAt <= clock() ? (await run(group, false)).nextAt : nextAt)
    }
    return next
  }

  async function loop(): Promise<void> {
    await readStored().catch(error => logger.warn({ problem: error.message }, 'certificates cannot be read'))
    while (!signal.aborted) {
      const next = await tryAll()
      if (!signal.aborted) await rest.sleep(Math.min(Math.max(next - clock(), leastRestMs), longestRestMs))
    }
  }

  async function order(name: string): Promise<boolean> {
    if (signal.aborted || clock() < holdUntil || !board.mayTry(groupOf(name))) return false
    if ((await permit(name)) !== 'served') return false
    const { problem, obtained } = await run(wantedGroup(name), true)
    return obtained?.names.includes(name) ?? problem === undefined
  }

  return {
    counts,
    summary: board.summary,
    start() {
      running = loop()
    },
    async want(name) {
      const wanted = (await slots.use(() => order(name))) ?? false
      if (!wanted) counts.refused += 1
      return wanted
    },
    subscribe(listener) {
      stored = listener
    },
    refresh: rest.wake,
    async stop() {
      rest.wake()
      await Promise.all([running, ...active.values()])
    }
  }
}
