/**
 * One of several processes of `signpost serve` that answer requests. It follows the messages of the primary process, and only
 * logs what happens in the worker itself.
 */

import cluster from 'node:cluster'
import { on } from 'node:events'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import type { Metrics } from '../../admin/metrics.ts'
import type { SignpostError } from '../../errors.ts'
import { createLogger, setLogLevel } from '../../http/log/access-log.ts'
import { flushLog } from '../../http/log/flush-log.ts'
import { formatLog } from '../../http/log/log-format.ts'
import type { LogStream } from '../../http/log/log-stream.ts'
import { createSharedLogStream } from '../../http/log/shared-log-stream.ts'
import { createTally, type Tally } from '../../http/log/tally.ts'
import { type Domains, openDomains } from '../../lookups/domains.ts'
import type { AcmeSettings } from '../../settings/check/tls.ts'
import { toLimits } from '../../settings/limits.ts'
import type { Automatic } from '../automatic-certificates.ts'
import { drainMs } from '../drain.ts'
import { type Listeners, openListeners } from '../listeners.ts'
import { type ReloadScope, reloadFiles } from '../reloader.ts'
import { openSettingsAndKeys, type SettingsAndKeys } from '../settings-and-keys.ts'
import { type FromWorker, type ToWorker, type WorkerTask, workerLogFd } from './messages.ts'
import { createWantedCertificates } from './wanted-certificates.ts'

/** Why not with the other messages: those are processed one after the other, and some take a while. */
function answerPing(message: ToWorker): void {
  if (message.type === 'ping') send({ type: 'pong', beat: message.beat })
}

interface Work extends SettingsAndKeys {
  readonly domains: Domains
  readonly listeners: Listeners
  readonly logger: Logger
  readonly metrics: Metrics | undefined
}

/** How long a connection may take to close after the time for a next request. */
const graceMs = 2000

/** Why ignored: terminals and systemd send these signals to all processes, and the primary process decides what to do. */
const ignoredSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @returns the exit code */
export async function runWorker(number: number): Promise<number> {
  for (const signal of ignoredSignals) process.on(signal, () => undefined)
  process.title = `signpost worker ${number}`
  const messages = on(process, 'message', { close: ['disconnect'] })
  process.on('message', answerPing)
  const [task] = (await messages.next()).value as [WorkerTask]
  try {
    const work = await openWork(task, number)
    const ready = await work.listeners.listen()
    outliveChannel()
    await send({ type: 'ready', ready })
    work.domains.start()
    return await untilEnded(work, messages as AsyncIterable<[ToWorker]>)
  } catch (error) {
    const { code, message } = error as SignpostError
    outliveChannel()
    await send({ type: 'unable', code, message })
    process.disconnect()
    return 2
  }
}

/**
 * Why not earlier: Node.js ends the process at once when the primary process has ended, which is right until this worker
 * answers requests.
 */
function outliveChannel(): void {
  if (cluster.worker) cluster.worker.exitedAfterDisconnect = true
}

async function openWork(
  { file, text, lastGood, addresses, workers, isMeasured }: WorkerTask,
  number: number
): Promise<Work> {
  const inputs = openSettingsAndKeys(file, { text, lastGood })
  const { source } = inputs
  const { admin, log } = source.table.settings
  const stream = await formatLog(createSharedLogStream(workerLogFd), log, { fd: workerLogFd })
  const logger = createLogger(log, stream, { worker: number })
  const domains = await openDomains(source, { file, logger })
  const tally = isMeasured ? createTally(admin?.domainMetrics === true ? () => source.table : undefined) : undefined
  const acme = addresses.tls && source.table.settings.http?.tls?.acme
  const automatic = acme && (await openCertificates(acme, inputs))
  const listeners = openListeners(inputs, { source: domains.source, logger, addresses, tally, workers, automatic })
  return { ...inputs, domains, listeners, logger, metrics: tally && (await openMetrics(tally, domains, stream)) }
}

async function openCertificates(acme: AcmeSettings, inputs: SettingsAndKeys): Promise<Automatic> {
  const { openAutomatic } = await import('../automatic-certificates.ts')
  const wantedCertificates = createWantedCertificates(send)
  const automatic = openAutomatic(acme, inputs, wantedCertificates)
  wantedCertificates.subscribe(automatic.held.changed)
  await automatic.held.load()
  // Why not with the other messages: see answerPing.
  process.on('message', wantedCertificates.receive)
  return automatic
}

async function openMetrics(tally: Tally, domains: Domains, log: LogStream): Promise<Metrics> {
  const [{ createMetrics }, { lookupMetrics }, { logMetrics, requestMetrics }] = await Promise.all([
    import('../../admin/metrics.ts'),
    import('../../admin/lookup-metrics.ts'),
    import('../../admin/request-metrics.ts')
  ])
  return createMetrics([requestMetrics(tally), logMetrics(log), lookupMetrics(domains)])
}

async function untilEnded(work: Work, messages: AsyncIterable<[ToWorker]>): Promise<number> {
  const { domains, listeners, logger, metrics, source } = work
  const stopping = new AbortController()
  let boundMs = drainMs
  let isRetiring = false

  async function end(): Promise<void> {
    const { keepAliveSeconds } = toLimits(source.table.settings.limits)
    const lastRequest = AbortSignal.timeout(keepAliveSeconds * 1000 + graceMs)
    if (isRetiring) await listeners.retire(AbortSignal.any([lastRequest, stopping.signal]))
    await listeners.drain(boundMs)
    await domains.close()
    if (metrics) await send({ type: 'measured', question: undefined, metrics: await metrics.ofProcess() })
    await flushLog(logger)
  }

  return await new Promise(resolve => {
    const grace = closeWithGrace({ delay: false, logger: false, skip: [...ignoredSignals] }, async ({ err }) => {
      if (err) logger.fatal({ err }, 'stopping after an error')
      await end()
      resolve(err ? 1 : 0)
    })
    const stop = () => {
      stopping.abort()
      grace.close()
    }
    processMessages(messages, work, {
      retire() {
        isRetiring = true
        grace.close()
      },
      stop(newBoundMs) {
        boundMs = newBoundMs
        stop()
      }
    })
  })
}

interface Endings {
  retire(): void
  stop(boundMs: number): void
}

async function processMessages(messages: AsyncIterable<[ToWorker]>, work: Work, endings: Endings): Promise<void> {
  for await (const [message] of messages) {
    if (message.type === 'reload') reload(work, message.scope)
    else if (message.type === 'measure') await measure(work, message.question)
    else if (message.type === 'retire') endings.retire()
    else if (message.type === 'stop') endings.stop(message.boundMs)
  }
  // Why: the primary process has ended.
  endings.stop(drainMs)
}

/** Why nothing is logged: the primary process has loaded the same files, and logged the findings. */
function reload({ source, signing, certificates, domains, logger }: Work, scope: ReloadScope): void {
  reloadFiles([source, signing, certificates], { scope, invalidate: domains.invalidate })
  setLogLevel(logger, source.table.settings.log)
}

async function measure({ metrics }: Work, question: number): Promise<void> {
  if (metrics) await send({ type: 'measured', question, metrics: await metrics.ofProcess() })
}

/** @returns when the message has left the process, or the primary process has ended */
async function send(message: FromWorker): Promise<void> {
  await new Promise<void>(sent => {
    if (process.connected) process.send?.(message, () => sent())
    else sent()
  })
}
