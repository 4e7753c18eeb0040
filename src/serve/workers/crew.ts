/**
 * All workers, as the primary process manages them: it keeps a fixed number of them serving, starts a replacement for each
 * that ends or hangs, and replaces all of them one after the other when asked to.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { EndedProcesses, ProcessMetrics } from '../../admin/metrics.ts'
import { errors, SignpostError } from '../../errors.ts'
import { coalesce } from '../../sources/coalesce.ts'
import type { Readiness } from '../../sources/readiness.ts'
import { type Backoff, createBackoff } from './backoff.ts'
import { beatMs, createHeartbeat } from './heartbeat.ts'
import type { Order } from './order.ts'
import type { Ready } from './report.ts'
import type { Ended, Member } from './worker-handle.ts'

export interface Crew extends Readiness {
  /** @returns where they listen, when all do. @throws what hinders one of them, or AC_WORKER_FAILED; then none is left */
  start(): Promise<Ready>
  /** Tells every worker. */
  tell(order: Order): void
  /**
   * Replaces every worker, after the start and an earlier replacement have ended. At most one replacement runs and one is
   * waiting, which all further callers share.
   * @returns false if a new worker could not start, so that old ones remain
   */
  replaceAll(): Promise<boolean>
  /** @param boundMs how long requests under way may take. @returns when all have ended */
  stop(boundMs: number): Promise<void>
  /** At once. */
  kill(): void
  /** @returns the figures of each, and of those that are gone */
  measure(): Promise<readonly ProcessMetrics[]>
  /** Number of workers that were replaced because they ended, and that were killed because they hung. */
  readonly counts: { readonly restarts: number; readonly hangs: number }
  /** Silent ones do not answer the primary process, and do not count as serving. */
  readonly sizes: Readonly<Record<'serving' | 'silent' | 'starting' | 'leaving', number>>
}

export interface CrewOptions {
  readonly size: number
  readonly fork: (number: number) => Member
  readonly logger: Logger
  /** Keeps what ended workers have counted; undefined without an admin listener. */
  readonly endedProcesses?: EndedProcesses | undefined
  /** Milliseconds that a worker may take that has been told to leave. */
  readonly leaveMs: () => number
  /** Milliseconds; never goes back. */
  readonly clock?: () => number
  /** Rejects when the signal is given. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  /** Calls back again and again. @returns a function that stops it */
  readonly every?: (milliseconds: number, work: () => void) => () => void
}

/** Of one worker, and of those that take its place. */
interface Place {
  readonly number: number
  readonly backoff: Backoff
}

/** After the time for requests under way, for a worker to end. */
const graceMs = 500

const pauseAwake = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal, ref: false })

function everyUnref(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds).unref()
  return () => clearInterval(timer)
}

export function createCrew(options: CrewOptions): Crew {
  const { size, fork, logger, endedProcesses, leaveMs } = options
  const { clock = () => performance.now(), pause = pauseAwake, every = everyUnref } = options
  const places = Array.from({ length: size }, (_, index) => ({ number: index + 1, backoff: createBackoff() }))
  const serving = new Map<number, Member>()
  const starting = new Set<Member>()
  const leaving = new Set<Member>()
  const heartbeat = createHeartbeat({
    starting: () => starting,
    ready: () => [...serving.values(), ...leaving],
    logger,
    clock
  })
  const closing = new AbortController()
  let restarts = 0
  let begun: Promise<unknown> = Promise.resolve()
  let stopBeating: (() => void) | undefined

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

  const silent = () => [...serving.values()].filter(heartbeat.isSilent)

  /** @returns whether a replacement is needed */
  function bury(member: Member, { code, signal }: Ended): boolean {
    const { number, pid, snapshot } = member
    if (snapshot !== undefined) endedProcesses?.add(snapshot)
    leaving.delete(member)
    if (serving.get(number) !== member) return false
    serving.delete(number)
    if (closing.signal.aborted) return false
    restarts += 1
    const how = signal === null ? `exited with code ${code}` : `was killed (${signal})`
    logger.error({ worker: number, pid, code, signal }, `worker ${number} ${how}: starting a replacement`)
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
    if (!closing.signal.aborted) logger.error({ worker: number }, `worker ${number} cannot start: ${error.message}`)
  }

  function dismiss(member: Member): void {
    leaving.add(member)
    member.tell({ type: 'leave' })
    const timer = setTimeout(member.kill, leaveMs()).unref()
    member.ended.then(() => clearTimeout(timer))
  }

  async function replaceEach(): Promise<boolean> {
    for (const place of places) {
      // Why: many a call in a short time would fill the memory with workers that wait for the last word of a connection.
      while (leaving.size >= size) await Promise.race(Array.from(leaving, ({ ended }) => ended))
      if (closing.signal.aborted) return false
      try {
        await enlist(place)
      } catch (error) {
        tellUnable(place, error as Error)
        if (!closing.signal.aborted)
          logger.error('workers not replaced: the old ones go on with the settings they have')
        return false
      }
    }
    logger.info({ workers: size }, 'workers replaced')
    return true
  }

  return {
    name: 'workers',
    get counts() {
      return { restarts, hangs: heartbeat.counts.hangs }
    },
    get sizes() {
      const quiet = silent().length
      return { serving: serving.size - quiet, silent: quiet, starting: starting.size, leaving: leaving.size }
    },
    // Why ready with one: it answers all the same, and the others are on their way.
    stateAt() {
      const answering = serving.size - silent().length
      const missing = size - answering
      return { ready: answering > 0, ...(missing > 0 && { remark: `${missing} of ${size} do not serve` }) }
    },
    async start() {
      stopBeating = every(beatMs, heartbeat.beat)
      const each = places.map(enlist)
      begun = Promise.allSettled(each)
      try {
        const [first] = await Promise.all(each)
        return first as Ready
      } catch (error) {
        closing.abort()
        stopBeating?.()
        for (const member of all()) member.kill()
        await Promise.allSettled([...each, ...all().map(({ ended }) => ended)])
        // Why others as they are: they say what hinders the worker, such as a port in use.
        const { message } = error as Error
        throw error instanceof SignpostError ? error : errors.workerFailed({ reason: message, cause: error })
      }
    },
    tell(order) {
      for (const member of all()) member.tell(order)
    },
    replaceAll: coalesce(async () => {
      await begun
      return await replaceEach()
    }),
    async stop(boundMs) {
      closing.abort()
      stopBeating?.()
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
      // Why not the silent ones: an administrator would wait for them in vain.
      const quiet = new Set(silent())
      await Promise.all(all().flatMap(member => (quiet.has(member) ? [] : [member.measure()])))
      const known = all().flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot]))
      return endedProcesses === undefined ? known : [...known, await endedProcesses.metrics()]
    }
  }
}
