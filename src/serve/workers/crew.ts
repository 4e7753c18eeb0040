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
import { beatMs, createHeartbeat } from './heartbeat.ts'
import type { Ready, ToWorker } from './messages.ts'
import type { WorkerEnd, WorkerHandle } from './worker-handle.ts'

export interface Crew extends Readiness {
  /** @returns the addresses, when all workers listen. @throws the error of one that cannot start, or AC_WORKER_FAILED; then no worker is left */
  start(): Promise<Ready>
  /** Sends a message to every worker. */
  send(message: ToWorker): void
  /** Tells every worker that the certificate of a group of names has been stored. */
  announceCertificate(key: string): void
  /**
   * Replaces every worker, after the start and an earlier replacement have ended. At most one replacement runs and one is
   * waiting, which all further callers share. If a new worker cannot start, the old ones reload instead.
   * @returns whether all have been replaced
   */
  replaceAll(): Promise<boolean>
  /** @param boundMs how long requests in progress may take. @returns when all workers have ended */
  stop(boundMs: number): Promise<void>
  /** Ends all workers at once. */
  kill(): void
  /** @returns the metrics of each worker, and the totals of those that have ended */
  measure(): Promise<readonly ProcessMetrics[]>
  /** Number of workers that were replaced because they ended, and that were killed because they hung. */
  readonly counts: { readonly restarts: number; readonly hangs: number }
  /** Silent workers do not answer the primary process, and do not count as serving. */
  readonly sizes: Readonly<Record<'serving' | 'silent' | 'starting' | 'leaving', number>>
}

export interface CrewOptions {
  readonly size: number
  readonly fork: (number: number) => WorkerHandle
  readonly logger: Logger
  /** Keeps the counters of ended workers; undefined without an admin listener. */
  readonly endedProcesses?: EndedProcesses | undefined
  /** How long a worker that retires may take to end. */
  readonly retireMs: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: () => number
  /** Resolves after the time; rejects when the signal is aborted. */
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>
  /** Calls back repeatedly. @returns a function that stops it */
  readonly every?: (milliseconds: number, work: () => void) => () => void
}

/** The position of a worker and its replacements. */
interface Slot {
  readonly number: number
  readonly backoff: Backoff
}

const cannotStart = errors.workerFailed().code

/** How long a worker may take to end after the time for requests in progress. */
const graceMs = 500

const pauseUnref = (milliseconds: number, signal: AbortSignal) => sleep(milliseconds, undefined, { signal, ref: false })

function everyUnref(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds).unref()
  return () => clearInterval(timer)
}

export function createCrew(options: CrewOptions): Crew {
  const { size, fork, logger, endedProcesses, retireMs } = options
  const { clock = () => performance.now(), pause = pauseUnref, every = everyUnref } = options
  const slots = Array.from({ length: size }, (_, index) => ({ number: index + 1, backoff: createBackoff() }))
  const serving = new Map<number, WorkerHandle>()
  const starting = new Set<WorkerHandle>()
  const leaving = new Set<WorkerHandle>()
  const heartbeat = createHeartbeat({
    starting: () => starting,
    ready: () => [...serving.values(), ...leaving],
    logger,
    clock
  })
  const closing = new AbortController()
  let restarts = 0
  let starts: Promise<unknown> = Promise.resolve()
  let stopBeating: (() => void) | undefined

  const all = () => [...starting, ...serving.values(), ...leaving]

  /** @returns the addresses of the new worker. @throws the error that keeps it from starting */
  async function startWorker(slot: Slot): Promise<Ready> {
    const { number } = slot
    const started = clock()
    const worker = fork(number)
    starting.add(worker)
    worker.ended.then(ended => {
      starting.delete(worker)
      if (recordEnd(worker, ended)) startReplacement(slot, started)
    })
    const ready = await worker.ready.catch(error => worker.ended.then(() => Promise.reject(error)))
    starting.delete(worker)
    const before = serving.get(number)
    serving.set(number, worker)
    if (before !== undefined) retire(before)
    return ready
  }

  const silentWorkers = () => [...serving.values()].filter(heartbeat.isSilent)

  /** @returns whether a replacement is needed */
  function recordEnd(worker: WorkerHandle, { code, signal }: WorkerEnd): boolean {
    const { number, pid, metrics } = worker
    if (metrics !== undefined) endedProcesses?.add(metrics)
    leaving.delete(worker)
    if (serving.get(number) !== worker) return false
    serving.delete(number)
    if (closing.signal.aborted) return false
    restarts += 1
    const how = signal === null ? `exited with code ${code}` : `was killed (${signal})`
    logger.error({ worker: number, pid, code, signal }, `worker ${number} ${how}: starting a replacement`)
    return true
  }

  /** @param started the time at which the ended worker was started */
  async function startReplacement(slot: Slot, started: number): Promise<void> {
    let last = started
    while (!closing.signal.aborted && !serving.has(slot.number)) {
      const wait = slot.backoff.waitAfter(clock() - last)
      if (wait > 0) await pause(wait, closing.signal).catch(() => undefined)
      if (closing.signal.aborted) return
      last = clock()
      await startWorker(slot).catch(error => logUnable(slot, error))
    }
  }

  function logUnable({ number }: Slot, error: Error): void {
    if (closing.signal.aborted) return
    logger.error({ worker: number, code: cannotStart }, `worker ${number} cannot start: ${error.message}`)
  }

  function retire(worker: WorkerHandle): void {
    leaving.add(worker)
    worker.send({ type: 'retire' })
    const timer = setTimeout(worker.kill, retireMs()).unref()
    worker.ended.then(() => clearTimeout(timer))
  }

  async function replaceEach(): Promise<boolean> {
    for (const slot of slots) {
      // Why: many calls in a short time would fill the memory with workers that wait for their last connections to close.
      while (leaving.size >= size) await Promise.race(Array.from(leaving, ({ ended }) => ended))
      if (closing.signal.aborted) return false
      try {
        await startWorker(slot)
      } catch (error) {
        logUnable(slot, error as Error)
        if (closing.signal.aborted) return false
        logger.error('workers not replaced: the old ones keep running with their settings')
        for (const worker of serving.values()) worker.send({ type: 'reload', scope: 'everything' })
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
      const silentCount = silentWorkers().length
      return {
        serving: serving.size - silentCount,
        silent: silentCount,
        starting: starting.size,
        leaving: leaving.size
      }
    },
    // Why one is enough: it answers requests, and the others are being started.
    stateAt() {
      const answering = serving.size - silentWorkers().length
      const missing = size - answering
      return { ready: answering > 0, ...(missing > 0 && { remark: `${missing} of ${size} do not serve` }) }
    },
    async start() {
      stopBeating = every(beatMs, heartbeat.beat)
      const each = slots.map(startWorker)
      starts = Promise.allSettled(each)
      try {
        const [first] = await Promise.all(each)
        return first as Ready
      } catch (error) {
        closing.abort()
        stopBeating?.()
        for (const worker of all()) worker.kill()
        await Promise.allSettled([...each, ...all().map(({ ended }) => ended)])
        // Why a SignpostError is kept: it says what keeps the worker from starting, such as a port in use.
        const { message } = error as Error
        throw error instanceof SignpostError ? error : errors.workerFailed({ reason: message, cause: error })
      }
    },
    send(message) {
      for (const worker of all()) worker.send(message)
    },
    announceCertificate(key) {
      for (const worker of all()) worker.send({ type: 'certificate', key })
    },
    replaceAll: coalesce(async () => {
      await starts
      return await replaceEach()
    }),
    async stop(boundMs) {
      closing.abort()
      stopBeating?.()
      const workers = all()
      for (const worker of workers) worker.send({ type: 'stop', boundMs })
      const timer = setTimeout(() => workers.map(worker => worker.kill()), boundMs + graceMs)
      await Promise.all(workers.map(({ ended }) => ended))
      clearTimeout(timer)
    },
    kill() {
      for (const worker of all()) worker.kill()
    },
    async measure() {
      // Why not the silent workers: an administrator would wait for them in vain.
      const unresponsive = new Set(silentWorkers())
      await Promise.all(all().flatMap(worker => (unresponsive.has(worker) ? [] : [worker.measure()])))
      const known = all().flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics]))
      return endedProcesses === undefined ? known : [...known, await endedProcesses.metrics()]
    }
  }
}

export interface Backoff {
  /** @param livedMs since the worker was started. @returns milliseconds until the replacement is started */
  waitAfter(livedMs: number): number
}

/** A worker that lived this long has no error that recurs at once. */
const longMs = 10_000

const firstMs = 100
const maxMs = 10_000

/**
 * How long to wait before a worker is started again. A worker that has run for a while, and the first that has not, are
 * replaced at once. After that the wait doubles each time, so that a recurring error does not use up the machine.
 */
export function createBackoff(): Backoff {
  let shortLives = 0
  return {
    waitAfter(livedMs) {
      if (livedMs >= longMs) shortLives = 0
      else shortLives += 1
      return shortLives < 2 ? 0 : Math.min(firstMs * 2 ** (shortLives - 2), maxMs)
    }
  }
}
