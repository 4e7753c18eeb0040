/**
 * Everything that `signpost serve` runs: the sources, the app, and its listeners.
 */
import type { Logger } from 'pino'
import { createApp } from '../app.ts'
import { dialects } from '../dialects/index.ts'
import { writerOf } from '../dialects/writer-of.ts'
import { errors } from '../errors.ts'
import { createLogger } from '../http/log.ts'
import { createTally } from '../http/tally.ts'
import { createTlsListener } from '../http/tls-listener.ts'
import { describe } from '../settings/finding.ts'
import type { Settings } from '../settings/schema.ts'
import { type Certificates, openCertificates } from '../sources/certificates.ts'
import { openDomains } from '../sources/domains.ts'
import { openFile } from '../sources/file.ts'
import { createReloader } from '../sources/reloader.ts'
import { openSigning } from '../sources/signing.ts'
import { createDrain } from './drain.ts'
import { greeting } from './greeting.ts'
import { listen } from './listen.ts'
import { openAdmin } from './open-admin.ts'
import type { Places } from './places.ts'

export interface Service {
  readonly logger: Logger
  /** Listens, and takes changes from then on. @returns what to tell a person. @throws AC_CANNOT_LISTEN */
  start(): Promise<string>
  /** Reads everything again. */
  reload(): void
  /** @param boundMs how long requests under way may take */
  stop(boundMs: number): Promise<void>
}

/**
 * @param file the settings
 * @param placesOf where to listen
 * @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID, and what `placesOf` throws
 */
export async function openService(file: string, placesOf: (settings: Settings) => Places): Promise<Service> {
  const source = openFile(file)
  const { settings, providers } = source.table
  const places = placesOf(settings)
  const signing = openSigning(file, () => source.table.settings.signing)
  const certificates = openCertificates(file, () => source.table.settings.http?.tls)
  requireAll(certificates, settings)
  for (const provider of providers) for (const dialect of dialects) writerOf(dialect, provider)

  const logger = createLogger(settings.log)
  const domains = await openDomains(source, { file, logger })
  const { invalidate, customers } = domains
  const reloader = createReloader({ source, signing, certificates, logger, invalidate })
  const tableOf = () => source.table
  const tally = places.admin && createTally(settings.admin?.domainMetrics === true ? tableOf : undefined)
  const app = createApp({ source: domains.source, logger, signing, ...(tally && { tally }) })
  const tls = places.tls && createTlsListener(app.server, certificates)
  const admin = tally && (await openAdmin({ source, signing, certificates, reloader, tally, domains }))
  const drain = createDrain(app, ...(tls ? [tls] : []))
  return {
    logger,
    async start() {
      const plain = await listen(app, places.http)
      const secure = tls && places.tls ? await listen(tls, places.tls) : []
      const [own] = admin && places.admin ? await listen(admin.app, places.admin) : []
      reloader.watch()
      // Why not awaited: what the table has is served without it.
      customers?.directory.start()
      return greeting({ plain, secure, admin: own }, source.table)
    },
    reload: reloader.reload,
    async stop(boundMs) {
      reloader.close()
      admin?.announceStop()
      await drain(boundMs)
      await customers?.directory.close()
      await admin?.app.close()
    }
  }
}

/** Why only at the start: later the last good one stays in use. @throws AC_SETTINGS_INVALID */
function requireAll(certificates: Certificates, { http }: Settings): void {
  const wanted = http?.tls?.certificates.length ?? 0
  if (certificates.certificatesAt(Date.now()).length === wanted) return
  const hindrances = certificates.findings.filter(({ severity }) => severity === 'error')
  throw errors.settingsInvalid({ findings: hindrances.map(describe).join('\n') })
}
