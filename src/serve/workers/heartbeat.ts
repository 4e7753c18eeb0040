/**
 * Finds workers that hang: the primary process asks each worker for a sign of life once a second, and kills those that
 * have not answered for a while.
 *
 * Why beats are counted instead of time: while the machine or the primary process is suspended, no beat happens, so that
 * no worker is blamed for it. A beat that comes late is not counted either: the machine is too busy to judge a worker.
 */
import type { Logger } from 'pino'
import type { Member } from './worker-handle.ts'

type Watched = Pick<Member, 'number' | 'pid' | 'ping' | 'isReloading' | 'kill'>

export interface Heartbeat {
  /** To be called every `beatMs`. */
  beat(): void
  /** Whether a worker that has been ready has not answered for a while. */
  isSilent(member: Watched): boolean
  /** Number of workers that were killed. */
  readonly counts: { readonly hangs: number }
}

export interface HeartbeatOptions {
  /** Those that are not ready yet: they only have to become ready in time. */
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
 * Number of beats that a start or a reload may take. Why so many: to read a table with a million domains takes ten
 * seconds of a processor, and all workers read it at the same time.
 */
const readBeats = 120

export function createHeartbeat({ starting, ready, logger, clock }: HeartbeatOptions): Heartbeat {
  const missed = new WeakMap<Watched, number>()
  const waited = new WeakMap<Watched, number>()
  const counts = { hangs: 0 }
  let last = clock()

  function isSilent(member: Watched): boolean {
    return (missed.get(member) ?? 0) >= silentBeats
  }

  function checkStart(member: Watched): void {
    if (countIn(waited, member) === readBeats) kill(member, 'is still not ready')
  }

  function checkAnswer(member: Watched): void {
    const { number, pid } = member
    const count = countIn(missed, member)
    if (count === silentBeats) logger.warn({ worker: number, pid }, `worker ${number} does not answer`)
    if (count === (member.isReloading ? readBeats : killBeats)) kill(member, 'still does not answer')
  }

  function kill(member: Watched, reason: string): void {
    const { number, pid } = member
    counts.hangs += 1
    logger.error({ worker: number, pid }, `worker ${number} ${reason}: killing it`)
    member.kill()
  }

  function forgive(member: Watched): void {
    const { number, pid } = member
    if (isSilent(member)) logger.info({ worker: number, pid }, `worker ${number} answers again`)
    missed.delete(member)
  }

  return {
    counts,
    isSilent,
    beat() {
      const now = clock()
      const isLate = now - last > lateMs
      last = now
      for (const member of starting()) if (!isLate) checkStart(member)
      for (const member of ready()) {
        if (member.ping()) forgive(member)
        else if (!isLate) checkAnswer(member)
      }
    }
  }
}

/** @returns the number of beats so far */
function countIn(counts: WeakMap<Watched, number>, member: Watched): number {
  const count = (counts.get(member) ?? 0) + 1
  counts.set(member, count)
  return count
}
