/**
 * What Prometheus reads of the service itself: what runs, with which settings, until when its certificates are valid.
 */
import { readFileSync } from 'node:fs'
import type { Certificates } from '../../keys/certificates.ts'
import type { KeyPair } from '../../keys/key-pair.ts'
import type { Signing } from '../../keys/signing.ts'
import type { FileSource } from '../../sources/file.ts'
import type { Measure, Value } from './measure.ts'

export interface Measured {
  readonly source: Pick<FileSource, 'table' | 'findings'>
  readonly reloader: {
    /** How many reloads succeeded and failed. */
    readonly counts: Readonly<Record<'ok' | 'failed', number>>
    /** When the current table was read, in milliseconds since 1970. */
    readonly loadedAt: number
  }
  readonly signing: Pick<Signing, 'newest'>
  readonly certificates: Pick<Certificates, 'certificatesAt'>
}

export function serviceMeasures({ source, reloader, signing, certificates }: Measured): readonly Measure[] {
  const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  return [
    {
      type: 'gauge',
      name: 'signpost_build_info',
      help: 'Always 1; the labels tell what runs.',
      values: () => [{ labels: { version, node: process.version }, value: 1 }]
    },
    {
      type: 'gauge',
      name: 'signpost_providers',
      help: 'Providers in the table that is in use.',
      values: () => [{ value: source.table.providers.length }]
    },
    {
      type: 'gauge',
      name: 'signpost_settings_loaded_timestamp_seconds',
      help: 'When the table that is in use was read.',
      values: () => [{ value: reloader.loadedAt / 1000 }]
    },
    {
      type: 'gauge',
      name: 'signpost_settings_last_reload_successful',
      help: '1, or 0 while the settings are broken and an older table is in use.',
      values: () => [{ value: source.findings.some(({ severity }) => severity === 'error') ? 0 : 1 }]
    },
    {
      type: 'counter',
      name: 'signpost_reloads_total',
      help: 'How often settings or keys were read again, by what came of it.',
      values: () => Object.entries(reloader.counts).map(([result, value]) => ({ labels: { result }, value }))
    },
    {
      type: 'gauge',
      name: 'signpost_certificate_expiry_timestamp_seconds',
      help: 'When the first certificate of a chain expires.',
      values: () => expiriesOf(certificates.certificatesAt(Date.now()), signing.newest)
    }
  ]
}

/** Why of two with one name the first to expire: it is what matters, and there can be one figure only. */
function expiriesOf(tls: readonly KeyPair[], signing: KeyPair | undefined): readonly Value[] {
  const uses = [...tls.map(pair => ({ use: 'tls', pair })), ...(signing ? [{ use: 'signing', pair: signing }] : [])]
  const latestFirst = uses
    .map(({ use, pair: { name, notAfter } }) => ({ labels: { use, name }, value: notAfter / 1000 }))
    .sort((a, b) => b.value - a.value)
  return [...new Map(latestFirst.map(each => [JSON.stringify(each.labels), each])).values()]
}
