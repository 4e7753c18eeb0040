/**
 * A supervised directory: questions time out, the log says when it becomes unavailable and available, and while it is
 * unavailable it is asked again until it answers. If the server refuses a question, or its answer is too long, only that name
 * is unknown.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { SignpostError } from '../errors.ts'
import type { Readiness } from '../sources/readiness.ts'
import type { Reading } from './columns.ts'
import type { Directory } from './directory.ts'
import { answerTooLong, DirectoryFailure, toFailure } from './directory-failure.ts'
import { inTime } from './in-time.ts'

export interface WatchedDirectory<V> extends Directory<V>, Readiness {
  /** Whether the last question was answered; undefined before the first. */
  readonly up: boolean | undefined
  /** Questions by result. `refused`: the server answers others, but not this one. */
  readonly queries: Readonly<Record<'ok' | 'failed' | 'refused', number>>
  readonly restarts: number
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

/** Why bounded: a server can make up any number of codes. */
const mostRefusalsLogged = 20

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
  const queries = { ok: 0, failed: 0, refused: 0 }
  const refusals = new Set<string>()
  const closing = new AbortController()
  let up: boolean | undefined
  let wasUp = false
  let retrying = false
  let running: Promise<unknown> = Promise.resolve()
  let queued: Promise<boolean> | undefined

  function tell(failure?: Failure): void {
    queries[failure === undefined ? 'ok' : 'failed'] += 1
    const before = up
    up = failure === undefined
    wasUp ||= up
    if (before !== false && failure !== undefined) {
      logger.error(fieldsOf(failure), `${subject} does not answer: ${served}`)
    }
    if (before === false && up) logger.info(`${subject} answers again`)
    if (!up) retry()
  }

  /** @returns undefined: the name is treated as unknown */
  function tellRefusal({ code }: DirectoryFailure, name: string): undefined {
    queries.refused += 1
    // Why the domain: an administrator has to find the data that make an answer too long. Why never the local part:
    // addresses are not logged.
    const fields = code === answerTooLong ? { code, domain: name.slice(name.lastIndexOf('@') + 1) } : { code }
    const key = Object.values(fields).join(' ')
    if (refusals.has(key) || refusals.size >= mostRefusalsLogged) return undefined
    refusals.add(key)
    logger.warn(fields, `${subject} refuses some questions: their names are treated as unknown`)
    return undefined
  }

  /** Why not left to requests: while this service is not ready, it gets none. */
  async function retry(): Promise<void> {
    if (retrying) return
    retrying = true
    while (up === false && !closing.signal.aborted) {
      await pause(closing.signal).catch(() => undefined)
      if (!closing.signal.aborted) await works()
    }
    retrying = false
  }

  /** @returns whether the name that cannot exist is answered, asked after this call */
  function works(): Promise<boolean> {
    queued ??= running.then(() => {
      queued = undefined
      const asked = find(nobody).then(
        () => true,
        () => false
      )
      running = asked
      return asked
    })
    return queued
  }

  async function find(name: string): Promise<V | undefined> {
    try {
      const answer = await inTime(directory.find(name), timeoutMilliseconds)
      tell()
      return answer
    } catch (error) {
      const failure = error instanceof SignpostError ? error : toFailure(error)
      if (closing.signal.aborted) throw failure
      const isRefusal = failure instanceof DirectoryFailure && failure.isRefusal
      if (!isRefusal || name === nobody) tell(failure)
      else if (await works()) return tellRefusal(failure, name)
      // Why not told in the third case: the question of `works` has been.
      throw failure
    }
  }

  return {
    name: block,
    queries,
    get restarts() {
      return directory.restarts ?? 0
    },
    get up() {
      return up
    },
    find,
    ...(directory.watch && { watch: directory.watch }),
    async start() {
      await works()
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

type Failure = DirectoryFailure | SignpostError

/** Why the text of one kind only: it is this service's own, and says what is wrong with the query. */
function fieldsOf(failure: Failure): { readonly code: string; readonly reason?: string } {
  const { code, message } = failure
  return failure instanceof SignpostError ? { code, reason: message } : { code }
}
