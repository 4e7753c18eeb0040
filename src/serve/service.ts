/**
 * Everything that `signpost serve` runs in one process: listeners, reloader and admin listener.
 */
import type { Logger } from 'pino'
import { createLogger } from '../http/log/access-log.ts'
import { logDescriptor } from '../http/log/log-descriptor.ts'
import { formatLog } from '../http/log/log-format.ts'
import { createLogStream } from '../http/log/log-stream.ts'
import { createTally } from '../http/log/tally.ts'
import { openDomains } from '../lookups/domains.ts'
import type { AcmeSettings } from '../settings/check/tls.ts'
import type { OrderingOptions } from './automatic-certificates.ts'
import { descriptorLimit, warnOfFewDescriptors } from './descriptors.ts'
import { greeting } from './greeting.ts'
import { type ListenAddresses, listen } from './listen.ts'
import { openListeners } from './listeners.ts'
import { createReloader } from './reloader.ts'
import type { SettingsAndKeys } from './settings-and-keys.ts'

export interface Service {
  readonly logger: Logger
  /** Listens, and applies changes from then on. @returns the greeting for a terminal. @throws AC_CANNOT_LISTEN */
  start(): Promise<string>
  /** Reloads everything. @returns after the reload and the replacement of workers */
  reload(): Promise<void>
  /** @param boundMs how long requests in progress may take */
  stop(boundMs: number): Promise<void>
}

/** @throws AC_SETTINGS_INVALID */
export async function openService(settingsAndKeys: SettingsAndKeys, addresses: ListenAddresses): Promise<Service> {
  const { file, source } = settingsAndKeys
  const { settings } = source.table
  const log = await formatLog(createLogStream(logDescriptor(1)), settings.log, { fd: 1 })
  const logger = createLogger(settings.log, log)
  const domains = await openDomains(source, { file, logger })
  const { invalidate } = domains
  const warn = () =>
    warnOfFewDescriptors(source.table.settings.limits, logger, { workers: 1, limit: descriptorLimit() })
  const acme = addresses.tls && settings.http?.tls?.acme
  const automatic = acme && (await openCertificates(acme, settingsAndKeys, { domains, logger }))
  const applied = () => {
    warn()
    automatic?.orderer.refresh()
  }
  const reloader = createReloader({ ...settingsAndKeys, logger, invalidate, applied })
  const tableOf = () => source.table
  const tally = addresses.admin && createTally(settings.admin?.domainMetrics === true ? tableOf : undefined)
  const listeners = openListeners(settingsAndKeys, { source: domains.source, logger, addresses, tally, automatic })
  // Why loaded on demand: prom-client would slow down every start, and few services have an admin listener.
  const admin =
    tally &&
    (await import('./admin/admin-listener.ts')).openAdmin({
      ...settingsAndKeys,
      reloader,
      logger,
      log,
      tally,
      domains,
      orderer: automatic?.orderer
    })
  return {
    logger,
    async start() {
      await automatic?.held.load()
      const { plain, secure } = await listeners.listen()
      const [own] = admin && addresses.admin ? await listen(admin.app, addresses.admin) : []
      warn()
      reloader.watch()
      domains.start()
      automatic?.orderer.start()
      return greeting({ plain, secure, admin: own }, source.table)
    },
    async reload() {
      await reloader.reload()
    },
    async stop(boundMs) {
      reloader.close()
      admin?.announceStop()
      await Promise.all([listeners.drain(boundMs), automatic?.orderer.stop()])
      await domains.close()
      await admin?.app.close()
    }
  }
}

/** Why loaded on demand: most services have a proxy, or files. */
async function openCertificates(acme: AcmeSettings, settingsAndKeys: SettingsAndKeys, options: OrderingOptions) {
  const { openAutomatic, openOrderer } = await import('./automatic-certificates.ts')
  const orderer = openOrderer(acme, settingsAndKeys, options)
  const automatic = openAutomatic(acme, settingsAndKeys, orderer)
  orderer.subscribe(automatic.held.changed)
  return { ...automatic, orderer }
}
