/**
 * The admin service of a running `signpost serve`.
 */
import type { FastifyInstance } from 'fastify'
import type { Tally } from '../http/tally.ts'
import type { Certificates } from '../sources/certificates.ts'
import type { Domains } from '../sources/domains.ts'
import type { FileSource } from '../sources/file.ts'
import type { Reloader } from '../sources/reloader.ts'
import type { Signing } from '../sources/signing.ts'

export interface OpenedAdmin {
  readonly app: FastifyInstance
  /** From now on it is not ready. */
  announceStop(): void
}

export interface Administered {
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  readonly reloader: Reloader
  readonly tally: Tally
  readonly domains: Omit<Domains, 'invalidate'>
}

export async function openAdmin(administered: Administered): Promise<OpenedAdmin> {
  // Why loaded when called: prom-client would cost everybody's start, and few have an admin listener.
  const [{ createAdmin }, { createMetrics }, { partsOf }, { createTlsAsk }, { domainMeasures }] = await Promise.all([
    import('../admin/admin.ts'),
    import('../admin/metrics.ts'),
    import('../admin/parts.ts'),
    import('../admin/tls-ask.ts'),
    import('../admin/domain-measures.ts')
  ])
  const { source, listed, customers } = administered.domains
  const { mx = false, patterns = false } = administered.source.table.settings.admin?.tlsAsk ?? {}
  const tlsAsk = createTlsAsk(mx ? source : listed, { patterns })
  let stopping = false
  const service = {
    name: 'service',
    stateAt: () => (stopping ? { ready: false, remark: 'it is being stopped' } : { ready: true })
  }
  return {
    app: createAdmin({
      metrics: createMetrics(administered, domainMeasures(administered.domains, tlsAsk)),
      parts: [service, ...partsOf(administered), ...(customers ? [customers.directory] : [])],
      reloader: administered.reloader,
      tlsAsk
    }),
    announceStop() {
      stopping = true
    }
  }
}
