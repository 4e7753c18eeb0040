/**
 * One worker, as the primary process sees it.
 */
import type { ChildProcess } from 'node:child_process'
import type { ProcessMetrics } from '../../admin/metrics.ts'
import { SignpostError } from '../../errors.ts'
import type { Order } from './order.ts'
import type { Ready, Report } from './report.ts'

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Member {
  /** From 1; another one that takes its place has the same. */
  readonly number: number
  readonly pid: number | undefined
  /** Fulfilled when it listens; rejected with what hinders it. */
  readonly ready: Promise<Ready>
  readonly ended: Promise<Ended>
  /** What it was last known to have measured; undefined before the first time. */
  readonly snapshot: ProcessMetrics | undefined
  /** Asks for a sign of life, unless the last question is still open. @returns false if it is */
  ping(): boolean
  /** Whether it was told to reload, and has not given a sign of life since. */
  readonly isReloading: boolean
  /** Asks for its figures. @returns when it has answered, has ended, or takes too long */
  measure(): Promise<void>
  tell(order: Order): void
  /** At once. */
  kill(): void
}

/** Without a channel where the process could not be made. */
export type WorkerProcess = Pick<ChildProcess, 'pid' | 'on' | 'once' | 'off' | 'kill'> & {
  readonly send?: ChildProcess['send'] | undefined
}

/** For the answer to a question: an administrator waits. */
const patienceMs = 2000

export function createMember(child: WorkerProcess, number: number): Member {
  const ready = Promise.withResolvers<Ready>()
  const ended = Promise.withResolvers<Ended>()
  const waiting = new Map<number, () => void>()
  let snapshot: ProcessMetrics | undefined
  let questions = 0
  const beats = { asked: 0, answered: 0, ofReload: 0 }

  function end(end: Ended): void {
    ended.resolve(end)
    ready.reject(new Error(`it ended with ${end.signal ?? end.code ?? 'an error'}`))
  }

  child.on('message', (report: Report) => {
    if (report.type === 'ready') ready.resolve(report.ready)
    if (report.type === 'unable') ready.reject(new SignpostError(report.code, report.message, 500))
    if (report.type === 'pong') beats.answered = report.beat
    if (report.type !== 'measured') return
    snapshot = report.snapshot
    if (report.question !== undefined) waiting.get(report.question)?.()
  })
  child.once('exit', (code: number | null, signal: NodeJS.Signals | null) => end({ code, signal }))
  // Why: where the system has no room for another process, there is no exit of it either.
  child.on('error', () => {
    if (child.pid === undefined) end({ code: null, signal: null })
  })
  ready.promise.catch(() => undefined)

  function tell(order: Order): void {
    if (order.type === 'reload') beats.ofReload = beats.asked + 1
    // Why errors are ignored: a worker that has ended or has closed its channel needs no orders.
    child.send?.(order, () => undefined)
  }

  return {
    number,
    pid: child.pid,
    ready: ready.promise,
    ended: ended.promise,
    get snapshot() {
      return snapshot
    },
    ping() {
      if (beats.answered < beats.asked) return false
      beats.asked += 1
      tell({ type: 'ping', beat: beats.asked })
      return true
    },
    get isReloading() {
      return beats.answered < beats.ofReload
    },
    async measure() {
      const question = ++questions
      const answered = Promise.withResolvers<void>()
      waiting.set(question, answered.resolve)
      const timer = setTimeout(answered.resolve, patienceMs)
      tell({ type: 'measure', question })
      await Promise.race([answered.promise, ended.promise])
      clearTimeout(timer)
      waiting.delete(question)
    },
    tell,
    kill: () => void child.kill('SIGKILL')
  }
}
