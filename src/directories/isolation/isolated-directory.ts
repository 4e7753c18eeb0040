/**
 * A directory whose driver runs in a separate process, which is replaced when it ends: for any data of a server, the service
 * keeps running.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { createBatch } from '../../batch.ts'
import { DirectoryFailure, type OnChange } from '../directory.ts'
import type { FoundRows, RowDirectory } from '../row-reader.ts'
import { type DriverProcess, type DriverProcessOptions, startDriverProcess } from './driver-process.ts'
import { type Answer, type DriverTask, type FromDriver, fromSentError, type Question } from './messages.ts'

export interface IsolationOptions extends Pick<DriverProcessOptions, 'script' | 'pingMs'> {
  readonly logger: Logger
  /** Before a restart. Each pause is twice as long as the one before, unless the process ran for longer than `recovered`. */
  readonly pauseMs?: { readonly first: number; readonly max: number; readonly recovered: number }
}

const defaultPauseMs = { first: 100, max: 30_000, recovered: 60_000 }

/** Why more than a driver ever has in progress: beyond this number answers must have been lost, and the process is unusable. */
const maxPending = 10_000

/** The time in which a process must close the directory. */
const closeMs = 1000

/** @returns when the driver is loaded, or cannot be loaded; whether the server is reachable shows with the first question */
export async function isolateDirectory(task: DriverTask, options: IsolationOptions): Promise<RowDirectory> {
  const { logger, pauseMs = defaultPauseMs } = options
  const pending = new Map<number, PromiseWithResolvers<FoundRows>>()
  const closing = new AbortController()
  const ready = Promise.withResolvers<void>()
  let current: DriverProcess | undefined
  let onChange: OnChange | undefined
  let lastId = 0
  let restarts = 0

  const ask = createBatch<Question>(questions => current?.send({ type: 'find', questions }))

  function finish(answer: Answer): void {
    const question = pending.get(answer.id)
    pending.delete(answer.id)
    if ('found' in answer) question?.resolve(answer.found)
    else question?.reject(fromSentError(answer.error))
  }

  function receive(message: FromDriver): void {
    if (message.type === 'ready') ready.resolve()
    else if (message.type === 'answers') for (const answer of message.answers) finish(answer)
    else if (message.type === 'changed') {
      for (const name of message.names ?? [undefined]) onChange?.(name)
      current?.send({ type: 'received' })
    }
  }

  /** @returns the code with which the process has ended */
  async function run(): Promise<string> {
    current = startDriverProcess(task, { ...options, onMessage: receive })
    if (onChange !== undefined) current.send({ type: 'watch' })
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
      waitMs = Math.min(waitMs * 2, pauseMs.max)
      restarts += 1
    }
  }

  const ended = keepRunning()
  await ready.promise
  return {
    get restarts() {
      return restarts
    },
    async find(name) {
      if (pending.size >= maxPending) current?.kill()
      if (current === undefined || pending.size >= maxPending) throw new DirectoryFailure('driver-stopped')
      const id = ++lastId
      const question = Promise.withResolvers<FoundRows>()
      pending.set(id, question)
      ask({ id, name })
      return await question.promise
    },
    ...(task.settings.channel !== undefined && {
      watch(listener: OnChange) {
        onChange = listener
        current?.send({ type: 'watch' })
      }
    }),
    async close() {
      closing.abort()
      current?.send({ type: 'close' })
      const timer = setTimeout(() => current?.kill(), closeMs)
      await ended
      clearTimeout(timer)
    }
  }
}
