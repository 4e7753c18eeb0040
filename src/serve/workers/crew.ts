/**
 * All workers, as the primary process keeps them: so many that serve, one in place of each that ends unasked, and new ones
 * in place of old ones, one after the other.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Totals } from '../../admin/metrics/ended-processes.ts'
import type { Snapshot } from '../../admin/metrics/process-figures.ts'
import type { Readiness } from '../../sources/readiness.ts'
import { type Backoff, createBackoff } from './backoff.ts'
import type { Order } from './order.ts'
import type { Ready } from './report.ts'
import type { Ended, Member } from './worker-handle.ts'

export interface Crew extends Readiness {
  /** @returns where they listen, when all do. @throws what hinders one of them; then none is left */
  start(): Promise<Ready>
  /** Tells every worker. */
  tell(order: Order): void
  /** Puts a new worker in place of each, after a start and an earlier replacement have come to their end. */
  replaceAll(): Promise<void>
  /** @param boundMs how long requests under way may take. @returns when all have ended */
  stop(boundMs: number): Promise<void>
  /** At once. */
  kill(): void
  /** @returns the figures of each, and of those that are gone */
  measure(): Promise<readonly Snapshot[]>
  readonly counts: { readonly restarts: number }
  readonly sizes: Readonly<Record<'serving' | 'starting' | 'leaving', number>>
}

export interface CrewOptions {
  readonly size: number
  readonly fork: (number: number) => Member
  readonly logger: Logger
  /** Keeps what workers have counted that are gone; undefined where nobody asks. */
  readonly totals?: Totals | undefined
  /** Milliseconds that a worker may take that has been told to leave. */
  readonly leaveMs: () => number
  /** Milliseconds; never goes back. */
  readonly clock?: () => number
  /** Rejects when the signal is given. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
}

/** Of one worker, and of those that take its place. */
interface Place {
  readonly number: number
  readonly backoff: Backoff
}

/** After the time for requests under way, for a worker to end. */
const graceMs = 500

const pauseAwake = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal, ref: false })

export function createCrew(options: CrewOptions): Crew {
  const { size, fork, logger, totals, leaveMs, clock = () => performance.now(), pause = pauseAwake } = options
  const places = Array.from({ length: size }, (_, index) => ({ number: index + 1, backoff: createBackoff() }))
  const serving = new Map<number, Member>()
  const starting = new Set<Member>()
  const leaving = new Set<Member>()
  const counts = { restarts: 0 }
  const closing = new AbortController()
  let replacement: Promise<void> = Promise.resolve()

  const all = () => [...starting, ...serving.values(), ...leaving]

  /** @returns where the new worker listens. @throws what hinders it */
  async function enlist(place: Place): Promise<Ready> {
    const { number } = place
    const started = clock()
    const member = fork(number)
    starting.add(member)
    member.ended.then(ended => {
      starting.delete(member)
      if (bury(member, ended)) fill(place, started)
    })
    const ready = await member.ready.catch(error => member.ended.then(() => Promise.reject(error)))
    starting.delete(member)
    const before = serving.get(number)
    serving.set(number, member)
    if (before !== undefined) dismiss(before)
    return ready
  }

  /** @returns whether another one must take its place */
  function bury(member: Member, { code, signal }: Ended): boolean {
    const { number, pid, snapshot } = member
    if (snapshot !== undefined) totals?.add(snapshot)
    leaving.delete(member)
    if (serving.get(number) !== member) return false
    serving.delete(number)
    if (closing.signal.aborted) return false
    counts.restarts += 1
    logger.error({ worker: number, pid, code, signal }, 'a worker has ended unasked: another one takes its place')
    return true
  }

  /** @param started when the one did that has ended */
  async function fill(place: Place, started: number): Promise<void> {
    let last = started
    while (!closing.signal.aborted && !serving.has(place.number)) {
      const wait = place.backoff.waitAfter(clock() - last)
      if (wait > 0) await pause(wait, closing.signal).catch(() => undefined)
      if (closing.signal.aborted) return
      last = clock()
      await enlist(place).catch(error => tellUnable(place, error))
    }
  }

  function tellUnable({ number }: Place, error: Error): void {
    if (!closing.signal.aborted) logger.error({ worker: number }, `a worker cannot start: ${error.message}`)
  }

  function dismiss(member: Member): void {
    leaving.add(member)
    member.tell({ type: 'leave' })
    const timer = setTimeout(member.kill, leaveMs()).unref()
    member.ended.then(() => clearTimeout(timer))
  }

  async function replaceEach(): Promise<void> {
    for (const place of places) {
      // Why: many a call in a short time would fill the memory with workers that wait for the last word of a connection.
      while (leaving.size >= size) await Promise.race(Array.from(leaving, ({ ended }) => ended))
      if (closing.signal.aborted) return
      try {
        await enlist(place)
      } catch (error) {
        tellUnable(place, error as Error)
        if (!closing.signal.aborted)
          logger.error('workers not replaced: the old ones go on with the settings they have')
        return
      }
    }
    logger.info({ workers: size }, 'workers replaced')
  }

  return {
    name: 'workers',
    counts,
    get sizes() {
      return { serving: serving.size, starting: starting.size, leaving: leaving.size }
    },
    // Why ready with one: it answers all the same, and the others are on their way.
    stateAt() {
      const missing = size - serving.size
      return { ready: serving.size > 0, ...(missing > 0 && { remark: `${missing} of ${size} do not serve` }) }
    },
    async start() {
      const begun = places.map(enlist)
      replacement = Promise.allSettled(begun).then(() => undefined)
      try {
        const [first] = await Promise.all(begun)
        return first as Ready
      } catch (error) {
        closing.abort()
        for (const member of all()) member.kill()
        await Promise.allSettled([...begun, ...all().map(({ ended }) => ended)])
        throw error
      }
    },
    tell(order) {
      for (const member of all()) member.tell(order)
    },
    replaceAll() {
      replacement = replacement.then(replaceEach)
      return replacement
    },
    async stop(boundMs) {
      closing.abort()
      const last = all()
      for (const member of last) member.tell({ type: 'stop', boundMs })
      const late = setTimeout(() => last.map(member => member.kill()), boundMs + graceMs)
      await Promise.all(last.map(({ ended }) => ended))
      clearTimeout(late)
    },
    kill() {
      for (const member of all()) member.kill()
    },
    async measure() {
      await Promise.all(all().map(member => member.measure()))
      const known = all().flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot]))
      return totals === undefined ? known : [...known, totals.snapshot]
    }
  }
}
