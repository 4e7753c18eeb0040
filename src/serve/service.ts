/**
 * Everything that `signpost serve` runs in one process: what answers, what reads again, and what administrators ask.
 */
import type { Logger } from 'pino'
import { createLogger } from '../http/log/access-log.ts'
import { logDescriptor } from '../http/log/log-descriptor.ts'
import { createLogStream } from '../http/log/log-stream.ts'
import { createTally } from '../http/log/tally.ts'
import { openDomains } from '../lookups/domains.ts'
import type { Places } from './addresses.ts'
import { descriptorLimit, warnOfFewDescriptors } from './descriptors.ts'
import { greeting } from './greeting.ts'
import { listen } from './listen.ts'
import { openFront } from './listeners.ts'
import { createReloader } from './reloader.ts'
import type { Inputs } from './settings-and-keys.ts'

export interface Service {
  readonly logger: Logger
  /** Listens, and takes changes from then on. @returns what to tell a person. @throws AC_CANNOT_LISTEN */
  start(): Promise<string>
  /** Reloads everything. @returns when it is done, with the replacement of workers */
  reload(): Promise<void>
  /** @param boundMs how long requests under way may take */
  stop(boundMs: number): Promise<void>
}

/** @throws AC_SETTINGS_INVALID */
export async function openService(inputs: Inputs, places: Places): Promise<Service> {
  const { file, source } = inputs
  const { settings } = source.table
  const log = createLogStream(logDescriptor(1))
  const logger = createLogger(settings.log, log)
  const domains = await openDomains(source, { file, logger })
  const { invalidate } = domains
  const reloader = createReloader({ ...inputs, logger, invalidate })
  const tableOf = () => source.table
  const tally = places.admin && createTally(settings.admin?.domainMetrics === true ? tableOf : undefined)
  const front = openFront(inputs, { source: domains.source, logger, places, tally })
  // Why loaded when called: prom-client would cost everybody's start, and few have an admin listener.
  const admin = tally && (await import('./admin-listener.ts')).openAdmin({ ...inputs, reloader, log, tally, domains })
  return {
    logger,
    async start() {
      const { plain, secure } = await front.listen()
      const [own] = admin && places.admin ? await listen(admin.app, places.admin) : []
      warnOfFewDescriptors(settings.limits, logger, { workers: 1, limit: descriptorLimit() })
      reloader.watch()
      domains.start()
      return greeting({ plain, secure, admin: own }, source.table)
    },
    async reload() {
      await reloader.reload()
    },
    async stop(boundMs) {
      reloader.close()
      admin?.announceStop()
      await front.drain(boundMs)
      await domains.close()
      await admin?.app.close()
    }
  }
}
