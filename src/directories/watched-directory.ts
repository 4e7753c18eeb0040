/**
 * A directory that is looked after: nobody waits for it too long, the log is told when it goes away and comes back, and
 * while it is away it is asked again until it answers.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { SignpostError } from '../errors.ts'
import type { Readiness } from '../sources/readiness.ts'
import type { Reading } from './columns.ts'
import type { Directory } from './directory.ts'
import { inTime } from './in-time.ts'

export interface WatchedDirectory<V> extends Directory<V>, Readiness {
  /** Whether the last question was answered; undefined before the first. */
  readonly up: boolean | undefined
  /** How many questions it was asked, by what came of them. */
  readonly queries: Readonly<Record<'ok' | 'failed', number>>
  /** Asks it once; from then on it is asked again while it is away. @returns when it has answered, or not */
  start(): Promise<void>
}

export interface WatchOptions {
  /** What it is a directory for: a part of the settings table. */
  readonly block: Reading<unknown>['block']
  readonly logger: Logger
  /** For one answer. */
  readonly timeoutMilliseconds: number
  /** Waits between two tries while it is away. */
  readonly pause?: (signal: AbortSignal) => Promise<unknown>
}

const pauseMs = 2000
const pauseAwake = (signal: AbortSignal) => sleep(pauseMs, undefined, { signal, ref: false })

/** Spec: RFC 6761 6.4: nobody has what ends in .invalid. */
const words = {
  directory: { nobody: 'signpost.invalid', subject: 'the directory', served: 'only cached domains are served' },
  users: {
    nobody: 'nobody@signpost.invalid',
    subject: 'the directory of users',
    served: 'requests with an address are answered 503'
  }
} as const

export function watchDirectory<V>(directory: Directory<V>, options: WatchOptions): WatchedDirectory<V> {
  const { block, logger, timeoutMilliseconds, pause = pauseAwake } = options
  const { nobody, subject, served } = words[block]
  const queries = { ok: 0, failed: 0 }
  const closing = new AbortController()
  let up: boolean | undefined
  let wasUp = false
  let retrying = false

  function tell(name: string, error?: unknown): void {
    queries[error === undefined ? 'ok' : 'failed'] += 1
    const before = up
    up = error === undefined
    wasUp ||= up
    if (before !== false && !up) {
      logger.error({ reason: reasonOf(error, name) }, `${subject} does not answer: ${served}`)
    }
    if (before === false && up) logger.info(`${subject} answers again`)
    if (!up) retry()
  }

  /** Why not left to requests: whoever waits for this service to be ready sends none. */
  async function retry(): Promise<void> {
    if (retrying) return
    retrying = true
    while (up === false && !closing.signal.aborted) {
      await pause(closing.signal).catch(() => undefined)
      if (!closing.signal.aborted) await find(nobody).catch(() => undefined)
    }
    retrying = false
  }

  async function find(name: string) {
    try {
      const answer = await inTime(directory.find(name), timeoutMilliseconds)
      tell(name)
      return answer
    } catch (error) {
      if (!closing.signal.aborted) tell(name, error)
      throw error
    }
  }

  return {
    name: block,
    queries,
    get up() {
      return up
    },
    find,
    ...(directory.watch && { watch: directory.watch }),
    async start() {
      await find(nobody).catch(() => undefined)
    },
    // Why ready once it has answered, even if it is away by now: what is known is answered as well as before, and a
    // database that all replicas ask must not take all of them away at once.
    stateAt: () => ({ ready: wasUp, ...(up !== true && { remark: `${subject} does not answer` }) }),
    async close() {
      closing.abort()
      // Why not for ever: a server that does not answer does not say good-bye either.
      await inTime(directory.close(), timeoutMilliseconds).catch(() => undefined)
    }
  }
}

/**
 * Why not the error itself: that of a driver may hold the connection's settings. Why without an address: some say what they
 * were asked for.
 */
function reasonOf(error: unknown, name: string): string {
  if (error instanceof SignpostError) return error.message
  const { code, message } = error as NodeJS.ErrnoException
  const reason = [code, message].filter(Boolean).join(': ')
  return name.includes('@') ? reason.replaceAll(name, '…') : reason
}
