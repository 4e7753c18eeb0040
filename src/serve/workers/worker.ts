/**
 * One of several processes of `signpost serve` that answer. It does as the primary process says, and tells the log what
 * happens to itself only.
 */

import cluster from 'node:cluster'
import { on } from 'node:events'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import type { Metrics } from '../../admin/metrics.ts'
import type { SignpostError } from '../../errors.ts'
import { createLogger } from '../../http/log/access-log.ts'
import { flushLog } from '../../http/log/flush-log.ts'
import type { LogStream } from '../../http/log/log-stream.ts'
import { createSharedLogStream } from '../../http/log/shared-log-stream.ts'
import { createTally, type Tally } from '../../http/log/tally.ts'
import { type Domains, openDomains } from '../../lookups/domains.ts'
import { toLimits } from '../../settings/limits.ts'
import { drainMs } from '../drain.ts'
import { type Front, openFront } from '../listeners.ts'
import { type ReloadScope, reloadFiles } from '../reloader.ts'
import { type Inputs, openInputs } from '../settings-and-keys.ts'
import type { Order } from './order.ts'
import type { Report } from './report.ts'
import type { Task } from './task.ts'
import { workerLogFd } from './worker-log.ts'

/** Why not among the other orders: those are obeyed one after the other, and some take a while. */
function answerPing(order: Order): void {
  if (order.type === 'ping') report({ type: 'pong', beat: order.beat })
}

interface Work extends Inputs {
  readonly domains: Domains
  readonly front: Front
  readonly logger: Logger
  readonly metrics: Metrics | undefined
}

/** After the time for a next request, for the connection to be closed. */
const graceMs = 2000

/** Why not heeded: a terminal and systemd send them to all processes, and the primary one says what to do. */
const ofPrimary = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @returns the exit code */
export async function runWorker(number: number): Promise<number> {
  for (const signal of ofPrimary) process.on(signal, () => undefined)
  process.title = `signpost worker ${number}`
  // Why: else node ends the process at once when the primary one is gone.
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
  const orders = on(process, 'message', { close: ['disconnect'] })
  process.on('message', answerPing)
  const [task] = (await orders.next()).value as [Task]
  try {
    const work = await openWork(task, number)
    await report({ type: 'ready', ready: await work.front.listen() })
    work.domains.start()
    return await untilEnded(work, orders as AsyncIterable<[Order]>)
  } catch (error) {
    const { code, message } = error as SignpostError
    await report({ type: 'unable', code, message })
    process.disconnect()
    return 2
  }
}

async function openWork({ file, text, lastGood, places, workers, isMeasured }: Task, number: number): Promise<Work> {
  const inputs = openInputs(file, { text, lastGood })
  const { source } = inputs
  const { admin, log } = source.table.settings
  const stream = createSharedLogStream(workerLogFd)
  const logger = createLogger(log, stream, { worker: number })
  const domains = await openDomains(source, { file, logger })
  const tally = isMeasured ? createTally(admin?.domainMetrics === true ? () => source.table : undefined) : undefined
  const front = openFront(inputs, { source: domains.source, logger, places, tally, workers })
  return { ...inputs, domains, front, logger, metrics: tally && (await openMetrics(tally, domains, stream)) }
}

async function openMetrics(tally: Tally, domains: Domains, log: LogStream): Promise<Metrics> {
  const [{ createMetrics }, { lookupMetrics }, { logMetrics, requestMetrics }] = await Promise.all([
    import('../../admin/metrics.ts'),
    import('../../admin/lookup-metrics.ts'),
    import('../../admin/request-metrics.ts')
  ])
  return createMetrics([requestMetrics(tally), logMetrics(log), lookupMetrics(domains)])
}

async function untilEnded(work: Work, orders: AsyncIterable<[Order]>): Promise<number> {
  const { domains, front, logger, metrics, source } = work
  const hurry = new AbortController()
  let boundMs = drainMs
  let isLeaving = false

  async function end(): Promise<void> {
    const { keepAliveSeconds } = toLimits(source.table.settings.limits)
    const patience = AbortSignal.timeout(keepAliveSeconds * 1000 + graceMs)
    if (isLeaving) await front.leave(AbortSignal.any([patience, hurry.signal]))
    await front.drain(boundMs)
    await domains.close()
    if (metrics) await report({ type: 'measured', question: undefined, snapshot: await metrics.ofProcess() })
    await flushLog(logger)
  }

  return await new Promise(resolve => {
    const grace = closeWithGrace({ delay: false, logger: false, skip: [...ofPrimary] }, async ({ err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error')
      await end()
      resolve(err ? 1 : 0)
    })
    const stop = () => {
      hurry.abort()
      grace.close()
    }
    obey(orders, work, {
      leave() {
        isLeaving = true
        grace.close()
      },
      stop(bound) {
        boundMs = bound
        stop()
      }
    })
  })
}

interface Endings {
  leave(): void
  stop(boundMs: number): void
}

async function obey(orders: AsyncIterable<[Order]>, work: Work, endings: Endings): Promise<void> {
  for await (const [order] of orders) {
    if (order.type === 'reload') reload(work, order.scope)
    else if (order.type === 'measure') await measure(work, order.question)
    else if (order.type === 'leave') endings.leave()
    else if (order.type === 'stop') endings.stop(order.boundMs)
  }
  // Why: the primary process is gone.
  endings.stop(drainMs)
}

/** Why nothing is logged: the primary process has loaded the same files, and logged the findings. */
function reload({ source, signing, certificates, domains }: Work, scope: ReloadScope): void {
  reloadFiles([source, signing, certificates], { scope, invalidate: domains.invalidate })
}

async function measure({ metrics }: Work, question: number): Promise<void> {
  if (metrics) await report({ type: 'measured', question, snapshot: await metrics.ofProcess() })
}

/** @returns when it is on its way, or nobody is there to read it */
async function report(told: Report): Promise<void> {
  await new Promise<void>(sent => {
    if (process.connected) process.send?.(told, () => sent())
    else sent()
  })
}
