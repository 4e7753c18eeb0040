/**
 * Metrics of certificates by ACME.
 */
import { Counter, Gauge } from 'prom-client'
import type { Orderer } from '../certificates/orderer.ts'
import type { RegisterMetrics } from './metrics.ts'

export function acmeMetrics({ counts, summary }: Pick<Orderer, 'counts' | 'summary'>): RegisterMetrics {
  return registry => {
    const registers = [registry]
    new Counter({
      name: 'signpost_acme_attempts_total',
      help: 'Attempts to obtain a certificate, by result: obtained, failed, refused (a client asked for a name that gets none).',
      labelNames: ['result'],
      registers,
      collect() {
        this.reset()
        for (const [result, count] of Object.entries(counts)) this.inc({ result }, count)
      }
    })
    new Gauge({
      name: 'signpost_acme_certificates',
      help: 'Certificates obtained by ACME, by state: stored, and incomplete: of listed domains, or of domains that had one, but missing or without a name.',
      labelNames: ['state'],
      registers,
      collect() {
        const { certificates, problems } = summary()
        this.set({ state: 'stored' }, certificates)
        this.set({ state: 'incomplete' }, problems)
      }
    })
    new Gauge({
      name: 'signpost_acme_first_expiry_timestamp_seconds',
      help: 'When the first of all certificates obtained by ACME expires.',
      registers,
      collect() {
        const { firstExpiry } = summary()
        // Why removed: a gauge without labels is 0 at first, and the alert would fire.
        if (firstExpiry === undefined) this.remove()
        else this.set(firstExpiry / 1000)
      }
    })
  }
}
