/**
 * The admin service of a running `signpost serve`.
 */
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createAdmin } from '../admin/admin.ts'
import { lookupMetrics } from '../admin/lookup-metrics.ts'
import { createMetrics } from '../admin/metrics.ts'
import { readinessOf } from '../admin/readiness.ts'
import { logMetrics, requestMetrics } from '../admin/request-metrics.ts'
import { serviceMetrics, workerMetrics } from '../admin/service-metrics.ts'
import { createTlsAsk } from '../admin/tls-ask.ts'
import type { LogStream } from '../http/log/log-stream.ts'
import type { Tally } from '../http/log/tally.ts'
import { createSigner } from '../http/signer.ts'
import type { Certificates } from '../keys/certificates.ts'
import type { Signing } from '../keys/signing.ts'
import type { Domains } from '../lookups/domains.ts'
import { limitsShare, toLimits } from '../settings/limits.ts'
import type { FileSource } from '../sources/file.ts'
import { partOfTable } from '../sources/per-table.ts'
import { openConsole } from './console.ts'
import { connectionsThatFit, descriptorLimit } from './descriptors.ts'
import type { Reloader } from './reloader.ts'
import type { Crew } from './workers/crew.ts'

export interface OpenedAdmin {
  readonly app: FastifyInstance
  /** From now on it is not ready. */
  announceStop(): void
}

export interface Administered {
  /** The settings file: file names in it are relative to its folder. */
  readonly file: string
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  readonly reloader: Reloader
  readonly logger: Logger
  readonly log: Pick<LogStream, 'dropped'>
  readonly domains: Omit<Domains, 'start' | 'invalidate' | 'close'>
  /** Of requests that this process answers. */
  readonly tally?: Tally
  /** Workers that answer in its place. */
  readonly crew?: Pick<Crew, 'name' | 'stateAt' | 'counts' | 'sizes' | 'measure'>
}

export function openAdmin(administered: Administered): OpenedAdmin {
  const { signing, reloader, logger, log, domains, tally, crew } = administered
  const { source, listed, directories } = domains
  const { admin = {} } = administered.source.table.settings
  const { mx = false, patterns = false } = admin.tlsAsk ?? {}
  const tlsAsk = createTlsAsk(mx ? source : listed, { patterns })
  const metrics = [
    serviceMetrics(administered),
    logMetrics(log),
    ...(tally ? [requestMetrics(tally)] : []),
    lookupMetrics(domains, tlsAsk),
    ...(crew ? [workerMetrics(crew)] : [])
  ]
  const mostConnections = connectionsThatFit(descriptorLimit())
  let stopping = false
  const service = {
    name: 'service',
    stateAt: () => (stopping ? { ready: false, remark: 'it is being stopped' } : { ready: true })
  }
  const readiness = [service, ...(crew ? [crew] : []), ...readinessOf(administered), ...directories]
  const app = createAdmin({
    metrics: createMetrics(metrics, crew?.measure),
    readiness,
    reloader,
    tlsAsk,
    portal: { source, sign: createSigner({ source, signing, logger }) },
    limitsOf: partOfTable(administered.source, ({ settings }) =>
      limitsShare(toLimits(settings.limits), 1, { mostConnections })
    )
  })
  openConsole(app, { ...administered, readiness })
  return {
    app,
    announceStop() {
      stopping = true
    }
  }
}
