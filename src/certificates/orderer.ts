/**
 * Orders certificates: renewals first, then those of listed names, one after the other, and those that clients request as they
 * come. One process of a service does this for all its workers.
 */
import { setImmediate as breathe } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Table } from '../settings/table.ts'
import { type AttemptOptions, attempt } from './attempt.ts'
import { groupOf, keptGroup, listedGroups, type NameGroup, wantedGroup } from './names.ts'
import type { AttemptResult } from './order-group.ts'
import { createHolds } from './pace/holds.ts'
import type { Priority } from './pace/plan.ts'
import { createRefusals } from './pace/refusals.ts'
import { createSlots } from './pace/slots.ts'
import { type CertificateSummary, createProgressBoard, type GroupKind } from './progress.ts'
import { removeLeftovers } from './storage/leftovers.ts'
import { groupFolder, groupOfFile } from './storage/stored-certificate.ts'

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

/** The pause before it looks again which certificates are due. */
const leastRestMs = 1000
const longestRestMs = 60_000

/** After this many groups, other work of the process has its turn. */
const groupsAtOnce = 500

/** How often the storage is searched for certificates of other nodes and for leftovers. */
const searchMs = 60 * 60 * 1000

/** Why not less: the clock of a machine is often corrected by seconds. */
const clockStepMs = 60 * 1000

export function createOrderer(options: OrdererOptions): Orderer {
  const { tableOf, storage, permit, clock, logger, signal, rest } = options
  const board = createProgressBoard(clock)
  const refusals = createRefusals(clock)
  const holds = createHolds(clock)
  /** The keys of the groups that have a certificate. */
  const stored = new Set<string>()
  const active = new Map<string, Promise<AttemptResult>>()
  const counts = { obtained: 0, failed: 0, refused: 0 }
  const slots = createSlots(demand)
  let searchAt = 0
  let lastTime = 0
  let announce: (key: string) => unknown = () => undefined
  let running: Promise<void> = Promise.resolve()

  function run(group: NameGroup, kind: GroupKind): Promise<AttemptResult> {
    const { key } = group
    const inProgress = active.get(key)
    if (inProgress !== undefined) return inProgress
    const result = attempt(group, options).then(each => {
      active.delete(key)
      if (!signal.aborted) record(group, each, kind)
      return each
    })
    active.set(key, result)
    return result
  }

  function record({ key }: NameGroup, result: AttemptResult, kind: GroupKind): void {
    const { nextAt, problem, obtained, notAfter, hold, trouble } = result
    if (hold) holds.add(hold)
    if (trouble) holds.addTrouble(key, trouble)
    const before = board.get(key)?.problem
    if (notAfter !== undefined) stored.add(key)
    if (obtained) {
      holds.endTrouble()
      counts.obtained += 1
      logger.info({ names: obtained.names, until: new Date(obtained.notAfter) }, 'certificate obtained')
      announce(key)
    } else if (problem !== undefined) counts.failed += 1
    // Why only changes: the same reason would fill the log for days.
    if (problem !== undefined && problem !== before) {
      logger.warn({ domain: key, problem, next: new Date(nextAt) }, 'certificate is missing or incomplete')
    }
    if (nextAt === Number.POSITIVE_INFINITY) {
      board.forget(key)
      stored.delete(key)
    } else board.set(key, { nextAt, problem, notAfter }, notAfter === undefined ? kind : 'kept')
  }

  /** @throws StorageFault */
  async function searchStorage(): Promise<void> {
    if (clock() < searchAt) return
    searchAt = clock() + searchMs
    await removeLeftovers(storage, clock())
    for (const file of await storage.list(groupFolder)) {
      const key = groupOfFile(file, '.pem')
      if (key !== undefined) stored.add(key)
    }
  }

  /** Why: otherwise everything would wait until the time that the clock has had before. */
  function noticeClock(): void {
    if (clock() < lastTime - clockStepMs) {
      for (const each of [board, refusals, holds]) each.expire()
      searchAt = 0
    }
    lastTime = clock()
  }

  /** @returns when a group is due again, after an attempt if it is due now, in milliseconds since 1970 */
  async function tryGroup(group: NameGroup): Promise<number> {
    const nextAt = board.get(group.key)?.nextAt ?? 0
    return nextAt <= clock() ? (await run(group, 'kept')).nextAt : nextAt
  }

  /** Tries every group of a list that is due. @returns when the next one is due, in milliseconds since 1970 */
  async function tryAll(groups: Iterable<NameGroup>, priority: Priority, before = noWork): Promise<number> {
    let next = Number.POSITIVE_INFINITY
    let count = 0
    for (const group of groups) {
      if (++count % groupsAtOnce === 0) await breathe()
      await before()
      const heldUntil = holds.until(priority)
      if (signal.aborted || heldUntil > 0) return Math.min(next, heldUntil)
      next = Math.min(next, holds.until(priority, group.key) || (await tryGroup(group)))
    }
    return next
  }

  function* groupsWithCertificate(): Generator<NameGroup> {
    for (const key of [...stored]) yield keptGroup(key, tableOf())
  }

  function* groupsWithout(): Generator<NameGroup> {
    for (const group of listedGroups(tableOf())) if (!stored.has(group.key)) yield group
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      noticeClock()
      await searchStorage().catch(error => logger.warn({ problem: error.message }, 'certificates cannot be read'))
      let renewAt = await tryAll(groupsWithCertificate(), 'renewal')
      // Why between the others: thousands of them may take hours.
      const renew = async () => {
        if (clock() >= renewAt) renewAt = await tryAll(groupsWithCertificate(), 'renewal')
      }
      const next = Math.min(await tryAll(groupsWithout(), 'listed', renew), renewAt)
      if (!signal.aborted) await rest.sleep(Math.min(Math.max(next - clock(), leastRestMs), longestRestMs))
    }
  }

  async function order(name: string): Promise<boolean> {
    const key = groupOf(name)
    const group = wantedGroup(name, tableOf())
    const kept = stored.has(key) || group.names.length > 0 ? 'kept' : undefined
    if (signal.aborted || holds.until('renewal') > 0 || refusals.has(name)) return false
    if (!board.mayTry(key, kept ?? 'customer')) return false
    const permission = await permit(name)
    if (permission !== 'served' && permission !== 'open') return false
    const kind = permission === 'open' ? 'open' : 'customer'
    if (holds.until(group.names.length > 0 ? 'listed' : kind, key) > 0) return false
    for (let other = active.get(key); other !== undefined; other = active.get(key)) {
      if ((await other).names?.includes(name)) return true
    }
    if (!board.mayTry(key, kept ?? kind)) return false
    const { names, refusal } = await run(group, kept ?? kind)
    if (names?.includes(name)) {
      refusals.delete(name)
      return true
    }
    // Why also without a reason: another name of the domain has got a certificate, but not this one.
    const failures = names === undefined ? 0 : refusals.add(name, refusal ?? notReachable)
    if (failures === 1 && refusal)
      logger.info({ name, problem: refusal.text }, 'requested name is not in the certificate')
    return false
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
      announce = listener
    },
    refresh: rest.wake,
    async stop() {
      rest.wake()
      await Promise.all([running, ...active.values()])
    }
  }
}

const notReachable = { origin: 'here', retryAfterMs: undefined } as const

const noWork = async (): Promise<void> => undefined
