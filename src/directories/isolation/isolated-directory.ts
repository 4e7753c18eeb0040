/**
 * A directory whose driver runs in a process of its own, which is replaced when it ends: whatever a server sends, the
 * service goes on.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Changed } from '../directory.ts'
import { DirectoryFailure } from '../directory-failure.ts'
import type { Found, RowSource } from '../read-directory.ts'
import { createBatch } from './batch.ts'
import { type DriverProcess, type DriverProcessOptions, startDriverProcess } from './driver-process.ts'
import { type Answer, type DriverTask, type FromDriver, type Question, readError } from './message.ts'

export interface IsolatedOptions extends Pick<DriverProcessOptions, 'script' | 'pingMs'> {
  readonly logger: Logger
  /** Before a restart, in milliseconds. Each waits twice as long as the one before, unless the process lived `recovered`. */
  readonly pauseMs?: { readonly first: number; readonly most: number; readonly recovered: number }
}

const usualPauseMs = { first: 100, most: 30_000, recovered: 60_000 }

/** Why more than a driver ever has under way: beyond it, answers have been lost, and the process is of no use. */
const mostPending = 10_000

/** For a process to end that was asked to. */
const closeMs = 1000

/** @returns when the driver is loaded, or cannot be; whether the server is there shows when it is asked */
export async function isolateDirectory(task: DriverTask, options: IsolatedOptions): Promise<RowSource> {
  const { logger, pauseMs = usualPauseMs } = options
  const pending = new Map<number, PromiseWithResolvers<Found>>()
  const closing = new AbortController()
  const ready = Promise.withResolvers<void>()
  let current: DriverProcess | undefined
  let changed: Changed | undefined
  let last = 0
  let restarts = 0

  const ask = createBatch<Question>(questions => current?.tell({ type: 'find', questions }))

  function settle(answer: Answer): void {
    const waiting = pending.get(answer.id)
    pending.delete(answer.id)
    if ('found' in answer) waiting?.resolve(answer.found)
    else waiting?.reject(readError(answer.error))
  }

  function hear(message: FromDriver): void {
    if (message.type === 'ready') ready.resolve()
    else if (message.type === 'answers') for (const answer of message.answers) settle(answer)
    else if (message.type === 'changed') {
      for (const name of message.names ?? [undefined]) changed?.(name)
      current?.tell({ type: 'seen' })
    }
  }

  async function run(): Promise<string> {
    current = startDriverProcess(task, { ...options, hear })
    if (changed !== undefined) current.tell({ type: 'watch' })
    const code = await current.ended
    current = undefined
    ready.resolve()
    for (const { reject } of pending.values()) reject(new DirectoryFailure('driver-stopped'))
    pending.clear()
    return code
  }

  async function keepRunning(): Promise<void> {
    let waitMs = pauseMs.first
    for (;;) {
      const started = performance.now()
      const code = await run()
      if (closing.signal.aborted) return
      if (performance.now() - started > pauseMs.recovered) waitMs = pauseMs.first
      logger.error({ block: task.columns.block, code, waitMs }, 'a directory driver stopped; restarting it')
      await sleep(waitMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
      if (closing.signal.aborted) return
      waitMs = Math.min(waitMs * 2, pauseMs.most)
      restarts += 1
    }
  }

  const over = keepRunning()
  await ready.promise
  return {
    get restarts() {
      return restarts
    },
    async find(name) {
      if (pending.size >= mostPending) current?.kill()
      if (current === undefined || pending.size >= mostPending) throw new DirectoryFailure('driver-stopped')
      const id = ++last
      const waiting = Promise.withResolvers<Found>()
      pending.set(id, waiting)
      ask({ id, name })
      return await waiting.promise
    },
    ...(task.settings.channel !== undefined && {
      watch(told: Changed) {
        changed = told
        current?.tell({ type: 'watch' })
      }
    }),
    async close() {
      closing.abort()
      current?.tell({ type: 'close' })
      const late = setTimeout(() => current?.kill(), closeMs)
      await over
      clearTimeout(late)
    }
  }
}
