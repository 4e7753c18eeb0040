/**
 * Finds workers that hang: the primary process asks each worker for a sign of life once a second, and kills workers
 * that have not answered for a while.
 *
 * Why beats are counted instead of time: while the machine or the primary process is suspended, no beat happens, so that
 * no worker is blamed for it. A late beat is not counted either: the machine is too busy to judge a worker.
 */
import type { Logger } from 'pino'
import type { WorkerHandle } from './worker-handle.ts'

type Watched = Pick<WorkerHandle, 'number' | 'pid' | 'ping' | 'isReloading' | 'kill'>

export interface Heartbeat {
  /** Must be called every `beatMs`. */
  beat(): void
  /** Whether a worker that has been ready has not answered for a while. */
  isSilent(handle: Watched): boolean
  /** Number of workers that were killed. */
  readonly counts: { readonly hangs: number }
}

export interface HeartbeatOptions {
  /** Workers that are not ready yet: they only have to become ready in time. */
  readonly starting: () => Iterable<Watched>
  readonly ready: () => Iterable<Watched>
  readonly logger: Logger
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number
}

export const beatMs = 1000

/** A beat later than this, in milliseconds, does not count. */
const lateMs = beatMs * 2

/** Number of beats without an answer after which a worker counts as silent, and after which it is killed. */
const silentBeats = 10
const killBeats = 30

/**
 * Number of beats that a start or a reload may take. Why so many: reading a table with a million domains takes ten
 * seconds of processor time, and all workers read it at the same time.
 */
const readBeats = 120

export function createHeartbeat({ starting, ready, logger, clock }: HeartbeatOptions): Heartbeat {
  const missed = new WeakMap<Watched, number>()
  const waited = new WeakMap<Watched, number>()
  const counts = { hangs: 0 }
  let last = clock()

  function isSilent(handle: Watched): boolean {
    return (missed.get(handle) ?? 0) >= silentBeats
  }

  function checkStart(handle: Watched): void {
    if (countIn(waited, handle) === readBeats) kill(handle, 'is still not ready')
  }

  function checkAnswer(handle: Watched): void {
    const { number, pid } = handle
    const count = countIn(missed, handle)
    if (count === silentBeats) logger.warn({ worker: number, pid }, `worker ${number} does not answer`)
    if (count === (handle.isReloading ? readBeats : killBeats)) kill(handle, 'still does not answer')
  }

  function kill(handle: Watched, reason: string): void {
    const { number, pid } = handle
    counts.hangs += 1
    logger.error({ worker: number, pid }, `worker ${number} ${reason}: killing it`)
    handle.kill()
  }

  function forgive(handle: Watched): void {
    const { number, pid } = handle
    if (isSilent(handle)) logger.info({ worker: number, pid }, `worker ${number} answers again`)
    missed.delete(handle)
  }

  return {
    counts,
    isSilent,
    beat() {
      const now = clock()
      const isLate = now - last > lateMs
      last = now
      for (const handle of starting()) if (!isLate) checkStart(handle)
      for (const handle of ready()) {
        if (handle.ping()) forgive(handle)
        else if (!isLate) checkAnswer(handle)
      }
    }
  }
}

/** @returns the number of beats so far */
function countIn(counts: WeakMap<Watched, number>, handle: Watched): number {
  const count = (counts.get(handle) ?? 0) + 1
  counts.set(handle, count)
  return count
}
