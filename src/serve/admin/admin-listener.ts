/**
 * The admin service of a running `signpost serve`.
 */
import type { FastifyInstance } from 'fastify'
import { acmeMetrics } from '../../admin/acme-metrics.ts'
import { createAdmin } from '../../admin/admin.ts'
import { lookupMetrics } from '../../admin/lookup-metrics.ts'
import { createMetrics } from '../../admin/metrics.ts'
import { readinessOf } from '../../admin/readiness.ts'
import { logMetrics, requestMetrics } from '../../admin/request-metrics.ts'
import { serviceMetrics, workerMetrics } from '../../admin/service-metrics.ts'
import { createTlsAsk } from '../../admin/tls-ask.ts'
import { createSigner } from '../../http/signer.ts'
import { limitsShare, toLimits } from '../../settings/limits.ts'
import { partOfTable } from '../../sources/per-table.ts'
import { connectionsThatFit, descriptorLimit } from '../descriptors.ts'
import type { Administered } from './administered.ts'
import { openConsole } from './console.ts'

export interface OpenedAdmin {
  readonly app: FastifyInstance
  /** From now on it is not ready. */
  announceStop(): void
}

export function openAdmin(administered: Administered): OpenedAdmin {
  const { signing, reloader, logger, log, domains, tally, crew, orderer } = administered
  const { source, listed, directories } = domains
  const { admin = {} } = administered.source.table.settings
  const { mx = false, patterns = false } = admin.tlsAsk ?? {}
  const tlsAsk = createTlsAsk(mx ? source : listed, { patterns })
  const metrics = [
    serviceMetrics(administered),
    logMetrics(log),
    ...(tally ? [requestMetrics(tally)] : []),
    lookupMetrics(domains, tlsAsk),
    ...(orderer ? [acmeMetrics(orderer)] : []),
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
