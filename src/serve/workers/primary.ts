/**
 * `signpost serve` with several workers: this process answers administrators only, reads and tells what changes, and sees
 * to it that there are always so many workers.
 */

import { createLogger } from '../../http/log/access-log.ts'
import { createSharedLogStream } from '../../http/log/shared-log-stream.ts'
import { openDomains } from '../../lookups/domains.ts'
import { toLimits } from '../../settings/limits.ts'
import type { Finding } from '../../settings/load/finding.ts'
import type { Places } from '../addresses.ts'
import { descriptorLimit, warnOfFewDescriptors } from '../descriptors.ts'
import { drainMs } from '../drain.ts'
import { greeting } from '../greeting.ts'
import { listen } from '../listen.ts'
import { createReloader, type ReloadScope } from '../reloader.ts'
import type { Service } from '../service.ts'
import type { Inputs } from '../settings-and-keys.ts'
import { createCrew } from './crew.ts'
import { forkWorker } from './fork-worker.ts'
import type { Task } from './task.ts'

export interface PrimaryOptions {
  /** How many; more than one. */
  readonly workers: number
}

/** What a worker may take to end beyond its times for connections and requests. */
const graceMs = 5000

/** @throws AC_SETTINGS_INVALID */
export async function openPrimary(inputs: Inputs, places: Places, { workers }: PrimaryOptions): Promise<Service> {
  const { file, text, source } = inputs
  process.title = 'signpost'
  const log = createSharedLogStream(1)
  const logger = createLogger(source.table.settings.log, log)
  const isMeasured = places.admin !== undefined
  const domains = isMeasured ? await openDomains(source, { file, logger }) : undefined
  const taskOf = (): Task => ({
    file,
    text,
    places,
    workers,
    isMeasured,
    ...(isBroken(source.findings) && { lastGood: source.goodText })
  })
  const crew = createCrew({
    size: workers,
    fork: number => forkWorker(number, taskOf()),
    logger,
    endedProcesses: isMeasured ? (await import('../../admin/metrics.ts')).createEndedProcesses() : undefined,
    leaveMs: () => toLimits(source.table.settings.limits).keepAliveSeconds * 1000 + drainMs + graceMs
  })
  process.once('exit', crew.kill)
  const reloadWorkers = (scope: ReloadScope) => crew.tell({ type: 'reload', scope })
  const reloader = createReloader({
    ...inputs,
    logger,
    invalidate: () => domains?.invalidate(),
    reloadWorkers
  })
  const admin = domains && (await import('../admin-listener.ts')).openAdmin({ ...inputs, reloader, log, domains, crew })
  return {
    logger,
    async start() {
      const { plain, secure } = await crew.start()
      const [own] = admin && places.admin ? await listen(admin.app, places.admin) : []
      warnOfFewDescriptors(source.table.settings.limits, logger, { workers, limit: descriptorLimit() })
      reloader.watch()
      domains?.start()
      logger.info({ pid: process.pid, workers }, 'workers answer')
      return greeting({ plain, secure, admin: own }, source.table)
    },
    async reload() {
      if (isBroken(await reloader.reload({ replacesWorkers: true }))) return
      if (places.tls !== undefined && source.table.settings.http?.tls === undefined) {
        logger.error('workers not replaced: found no http.tls, expected the certificates of the place where https is')
        reloadWorkers('everything')
        return
      }
      if (!(await crew.replaceAll())) reloadWorkers('everything')
    },
    async stop(boundMs) {
      reloader.close()
      admin?.announceStop()
      await Promise.all([crew.stop(boundMs), domains?.close()])
      await admin?.app.close()
    }
  }
}

function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
