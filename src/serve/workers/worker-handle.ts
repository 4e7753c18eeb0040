/**
 * One worker, seen from the primary process.
 */
import type { ChildProcess } from 'node:child_process'
import type { ProcessMetrics } from '../../admin/metrics.ts'
import { SignpostError } from '../../errors.ts'
import type { FromWorker, Ready, ToWorker } from './messages.ts'

export interface WorkerEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface WorkerHandle {
  /** Counted from 1; a replacement has the same number. */
  readonly number: number
  readonly pid: number | undefined
  /** Resolves when the worker listens; rejects with the error that keeps it from starting. */
  readonly ready: Promise<Ready>
  readonly ended: Promise<WorkerEnd>
  /** The last known metrics; undefined before the first answer. */
  readonly metrics: ProcessMetrics | undefined
  /** Asks for a sign of life, unless the last one is still missing. @returns false in that case */
  ping(): boolean
  /** Whether the worker was asked to reload, and has not given a sign of life since. */
  readonly isReloading: boolean
  /** Asks for the metrics. @returns when the worker has answered, has ended, or takes too long */
  measure(): Promise<void>
  send(message: ToWorker): void
  /** Ends the worker at once. */
  kill(): void
}

/** Has no channel if the process could not be created. */
export type WorkerProcess = Pick<ChildProcess, 'pid' | 'on' | 'once' | 'off' | 'kill'> & {
  readonly send?: ChildProcess['send'] | undefined
}

/** The time for an answer with metrics: an administrator waits for it. */
const measureMs = 2000

export interface WorkerHandleOptions {
  /** Orders a certificate for a name. @returns whether there is one now; never rejects */
  readonly want?: ((name: string) => Promise<boolean>) | undefined
}

export function createWorkerHandle(
  child: WorkerProcess,
  number: number,
  { want = async () => false }: WorkerHandleOptions = {}
): WorkerHandle {
  const ready = Promise.withResolvers<Ready>()
  const ended = Promise.withResolvers<WorkerEnd>()
  const pending = new Map<number, () => void>()
  let metrics: ProcessMetrics | undefined
  let questions = 0
  const beats = { asked: 0, answered: 0, ofReload: 0 }

  function end(end: WorkerEnd): void {
    ended.resolve(end)
    ready.reject(new Error(`it ended with ${end.signal ?? end.code ?? 'an error'}`))
  }

  child.on('message', (message: FromWorker) => {
    if (message.type === 'ready') ready.resolve(message.ready)
    if (message.type === 'unable') ready.reject(new SignpostError(message.code, message.message, 500))
    if (message.type === 'pong') beats.answered = message.beat
    if (message.type === 'wanted') {
      const { question, name } = message
      want(name).then(isThere => send({ type: 'answered', question, isThere }))
    }
    if (message.type !== 'measured') return
    metrics = message.metrics
    if (message.question !== undefined) pending.get(message.question)?.()
  })
  child.once('exit', (code: number | null, signal: NodeJS.Signals | null) => end({ code, signal }))
  // Why: if the system cannot create another process, there is no exit event either.
  child.on('error', () => {
    if (child.pid === undefined) end({ code: null, signal: null })
  })
  ready.promise.catch(() => undefined)

  function send(message: ToWorker): void {
    if (message.type === 'reload') beats.ofReload = beats.asked + 1
    // Why errors are ignored: a worker that has ended or has closed its channel needs no messages.
    child.send?.(message, () => undefined)
  }

  return {
    number,
    pid: child.pid,
    ready: ready.promise,
    ended: ended.promise,
    get metrics() {
      return metrics
    },
    ping() {
      if (beats.answered < beats.asked) return false
      beats.asked += 1
      send({ type: 'ping', beat: beats.asked })
      return true
    },
    get isReloading() {
      return beats.answered < beats.ofReload
    },
    async measure() {
      const question = ++questions
      const answered = Promise.withResolvers<void>()
      pending.set(question, answered.resolve)
      const timer = setTimeout(answered.resolve, measureMs)
      send({ type: 'measure', question })
      await Promise.race([answered.promise, ended.promise])
      clearTimeout(timer)
      pending.delete(question)
    },
    send,
    kill: () => void child.kill('SIGKILL')
  }
}
