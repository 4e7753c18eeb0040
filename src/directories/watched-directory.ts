/**
 * A supervised directory: questions time out, the log says when it becomes unavailable and available, and while it is
 * unavailable it is asked again until it answers. If the server refuses a question, or its answer is too long, only that name
 * is unknown.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { SignpostError } from '../errors.ts'
import type { Readiness } from '../sources/readiness.ts'
import { withTimeout } from '../timeout.ts'
import { answerTooLong, type Directory, DirectoryFailure, toFailure } from './directory.ts'
import type { QueryColumns } from './row-reader.ts'

export interface WatchedDirectory<V> extends Directory<V>, Readiness {
  /** Whether the last question was answered; undefined before the first. */
  readonly up: boolean | undefined
  /** Questions by result. `refused`: the server answers others, but not this one. */
  readonly queries: Readonly<Record<'ok' | 'failed' | 'refused', number>>
  readonly restarts: number
  /** Asks the directory once. From then on it is asked again while it is unavailable. @returns after the first answer or failure */
  start(): Promise<void>
}

export interface WatchOptions {
  /** The part of the settings table that configures the directory. */
  readonly block: QueryColumns['block']
  readonly logger: Logger
  /** The time limit for one answer. */
  readonly timeoutMs: number
  /** Waits between two attempts while the directory is unavailable. */
  readonly pause?: (signal: AbortSignal) => Promise<unknown>
}

const pauseMs = 2000

/** Why there is a limit: a server can make up any number of codes. */
const maxRefusalsLogged = 20

const pauseUnref = (signal: AbortSignal) => sleep(pauseMs, undefined, { signal, ref: false })

/** Spec: names that end in .invalid do not exist (RFC 6761 6.4). */
const texts = {
  directory: {
    absentName: 'signpost.invalid',
    title: 'the directory',
    consequence: 'only cached domains are served'
  },
  users: {
    absentName: 'nobody@signpost.invalid',
    title: 'the directory of users',
    consequence: 'requests with an address are answered 503'
  }
} as const

export function watchDirectory<V>(directory: Directory<V>, options: WatchOptions): WatchedDirectory<V> {
  const { block, logger, timeoutMs, pause = pauseUnref } = options
  const { absentName, title, consequence } = texts[block]
  const queries = { ok: 0, failed: 0, refused: 0 }
  const loggedRefusals = new Set<string>()
  const closing = new AbortController()
  let up: boolean | undefined
  let wasUp = false
  let isRetrying = false
  let running: Promise<unknown> = Promise.resolve()
  let queued: Promise<boolean> | undefined

  function record(failure?: Failure): void {
    queries[failure === undefined ? 'ok' : 'failed'] += 1
    const before = up
    up = failure === undefined
    wasUp ||= up
    if (before !== false && failure !== undefined) {
      logger.error(logFields(failure), `${title} does not answer: ${consequence}`)
    }
    if (before === false && up) logger.info(`${title} answers again`)
    if (!up) retry()
  }

  function recordRefusal({ code }: DirectoryFailure, name: string): void {
    queries.refused += 1
    // Why the domain: an administrator has to find the data that make an answer too long. Why never the local part:
    // addresses are not logged.
    const fields = code === answerTooLong ? { code, domain: name.slice(name.lastIndexOf('@') + 1) } : { code }
    const key = Object.values(fields).join(' ')
    if (loggedRefusals.has(key) || loggedRefusals.size >= maxRefusalsLogged) return
    loggedRefusals.add(key)
    logger.warn(fields, `${title} refuses some questions: their names are treated as unknown`)
  }

  /** Why retries do not depend on requests: a service that is not ready gets none. */
  async function retry(): Promise<void> {
    if (isRetrying) return
    isRetrying = true
    while (up === false && !closing.signal.aborted) {
      await pause(closing.signal).catch(() => undefined)
      if (!closing.signal.aborted) await isWorking()
    }
    isRetrying = false
  }

  /** @returns whether a question for the absent name that was sent after this call is answered */
  function isWorking(): Promise<boolean> {
    queued ??= running.then(() => {
      queued = undefined
      const asked = find(absentName).then(
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
      const answer = await withTimeout(directory.find(name), timeoutMs)
      record()
      return answer
    } catch (error) {
      const failure = error instanceof SignpostError ? error : toFailure(error)
      if (closing.signal.aborted) throw failure
      const isRefusal = failure instanceof DirectoryFailure && failure.isRefusal
      if (!isRefusal || name === absentName) record(failure)
      else if (await isWorking()) {
        recordRefusal(failure, name)
        return undefined
      }
      // Why this is not recorded if the directory does not work: the failure of the other question has been.
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
      await isWorking()
    },
    // Why ready once it has answered, even if it is unavailable now: cached names are answered as well as before, and a
    // database that all replicas share must not take all of them out of service at once.
    stateAt: () => ({ ready: wasUp, ...(up !== true && { remark: `${title} does not answer` }) }),
    async close() {
      closing.abort()
      // Why with a time limit: a server that is unreachable does not confirm the end of a connection.
      await withTimeout(directory.close(), timeoutMs).catch(() => undefined)
    }
  }
}

type Failure = DirectoryFailure | SignpostError

/** Why only a SignpostError is logged with its text: that text is our own, and says what is wrong with the query. */
function logFields(failure: Failure): { readonly code: string; readonly reason?: string } {
  const { code, message } = failure
  return failure instanceof SignpostError ? { code, reason: message } : { code }
}
