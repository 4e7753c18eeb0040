/**
 * `signpost serve` with several workers: this process only answers administrators, reads changes and passes them on, and keeps
 * the number of workers constant.
 */
import cluster from 'node:cluster'
import { createLogger } from '../../http/log/access-log.ts'
import { formatLog } from '../../http/log/log-format.ts'
import { createSharedLogStream } from '../../http/log/shared-log-stream.ts'
import { openDomains } from '../../lookups/domains.ts'
import { toLimits } from '../../settings/limits.ts'
import type { Finding } from '../../settings/load/finding.ts'
import { descriptorLimit, warnOfFewDescriptors } from '../descriptors.ts'
import { drainMs } from '../drain.ts'
import { greeting } from '../greeting.ts'
import { type ListenAddresses, listen } from '../listen.ts'
import { createReloader, type ReloadScope } from '../reloader.ts'
import type { Service } from '../service.ts'
import type { SettingsAndKeys } from '../settings-and-keys.ts'
import { createCrew } from './crew.ts'
import { type WorkerTask, workerVariable } from './messages.ts'
import { createWorkerHandle, type WorkerHandle, type WorkerHandleOptions } from './worker-handle.ts'

/**
 * Why not the round robin of Node.js: with it, the primary process accepts each connection and passes it on, which more than
 * doubles the cost of a connection, and most mail programs make one for each request. Instead, any idle worker accepts the next
 * connection. The kernel keeps connections that were not accepted yet, even if a worker ends; with a separate port for each
 * worker (SO_REUSEPORT) they would be lost.
 */
cluster.schedulingPolicy = cluster.SCHED_NONE

/** The last one, descriptor 4, is the log: see `workerLogFd`. */
cluster.setupPrimary({ stdio: ['ignore', 'ignore', 'inherit', 'ipc', 1] })

export interface PrimaryOptions {
  /** The number of workers, more than one. */
  readonly workers: number
}

/** How long a worker may take to end beyond its time for connections and requests. */
const graceMs = 5000

/** @throws AC_SETTINGS_INVALID */
export async function openPrimary(
  settingsAndKeys: SettingsAndKeys,
  addresses: ListenAddresses,
  { workers }: PrimaryOptions
): Promise<Service> {
  const { file, text, source } = settingsAndKeys
  process.title = 'signpost'
  const log = await formatLog(createSharedLogStream(1), source.table.settings.log, { fd: 1 })
  const logger = createLogger(source.table.settings.log, log)
  const isMeasured = addresses.admin !== undefined
  const acme = addresses.tls && source.table.settings.http?.tls?.acme
  const domains = isMeasured || acme ? await openDomains(source, { file, logger }) : undefined
  const taskOf = (): WorkerTask => ({
    file,
    text,
    addresses,
    workers,
    isMeasured,
    ...(isBroken(source.findings) && { lastGood: source.lastGood })
  })
  const orderer =
    acme && domains
      ? (await import('../automatic-certificates.ts')).openOrderer(acme, settingsAndKeys, { domains, logger })
      : undefined
  const crew = createCrew({
    size: workers,
    fork: number => forkWorker(number, taskOf(), orderer?.want),
    logger,
    endedProcesses: isMeasured ? (await import('../../admin/metrics.ts')).createEndedProcesses() : undefined,
    retireMs: () => toLimits(source.table.settings.limits).keepAliveSeconds * 1000 + drainMs + graceMs
  })
  orderer?.subscribe(crew.announceCertificate)
  process.once('exit', crew.kill)
  const applied = () => {
    warnOfFewDescriptors(source.table.settings.limits, logger, { workers, limit: descriptorLimit() })
    orderer?.refresh()
  }
  const reloadWorkers = (scope: ReloadScope) => crew.send({ type: 'reload', scope })
  const reloader = createReloader({
    ...settingsAndKeys,
    logger,
    invalidate: () => domains?.invalidate(),
    applied,
    reloadWorkers
  })
  const admin =
    domains &&
    addresses.admin &&
    (await import('../admin/admin-listener.ts')).openAdmin({
      ...settingsAndKeys,
      reloader,
      logger,
      log,
      domains,
      crew,
      orderer
    })
  return {
    logger,
    async start() {
      const { plain, secure } = await crew.start()
      const [own] = admin && addresses.admin ? await listen(admin.app, addresses.admin) : []
      applied()
      reloader.watch()
      domains?.start()
      orderer?.start()
      logger.info({ pid: process.pid, workers }, 'workers answer')
      return greeting({ plain, secure, admin: own }, source.table)
    },
    async reload() {
      if (isBroken(await reloader.reload({ replacesWorkers: true }))) return
      if (addresses.tls !== undefined && source.table.settings.http?.tls === undefined) {
        logger.error('workers not replaced: found no http.tls, expected the certificates of the https listener')
        reloadWorkers('everything')
        return
      }
      const { settings } = source.table
      if (await crew.replaceAll()) reloader.workersReplaced(settings)
    },
    async stop(boundMs) {
      reloader.close()
      admin?.announceStop()
      await Promise.all([crew.stop(boundMs), orderer?.stop()])
      await domains?.close()
      await admin?.app.close()
    }
  }
}

/**
 * @param task the first message, for which the worker waits
 * @param want orders a certificate for a name
 */
function forkWorker(number: number, task: WorkerTask, want: WorkerHandleOptions['want']): WorkerHandle {
  const worker = cluster.fork({ [workerVariable]: number })
  // Why: without a listener an error of the process (EAGAIN, EMFILE) would end this one. The handle deals with it.
  worker.on('error', () => undefined)
  // Why optional: a process that could not be created has no channel.
  worker.process.send?.(task, () => undefined)
  return createWorkerHandle(worker.process, number, { want })
}

function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
