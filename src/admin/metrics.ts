/**
 * What Prometheus reads: https://prometheus.io/docs/practices/naming/. Every figure is looked up when it is asked for.
 */
import { readFileSync } from 'node:fs'
import { collectDefaultMetrics, type Gauge, Registry } from 'prom-client'
import type { Durations, Labels, Tally } from '../http/tally.ts'
import type { Certificates } from '../sources/certificates.ts'
import type { FileSource } from '../sources/file.ts'
import type { KeyPair } from '../sources/key-pair.ts'
import type { Reloader } from '../sources/reloader.ts'
import type { Signing } from '../sources/signing.ts'

export interface Metrics {
  readonly contentType: string
  /** @returns the text exposition format 0.0.4 */
  text(): Promise<string>
}

export interface Measured {
  readonly tally: Tally
  readonly source: Pick<FileSource, 'table' | 'findings'>
  readonly reloader: Pick<Reloader, 'counts' | 'loadedAt'>
  readonly signing: Pick<Signing, 'newest'>
  readonly certificates: Pick<Certificates, 'certificatesAt'>
}

export interface Measure {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly name: string
  readonly help: string
  readonly values: () => readonly Value[]
}

interface Value {
  /** Of the name: a histogram has `_bucket`, `_sum` and `_count`. */
  readonly suffix?: string
  readonly labels?: Labels
  readonly value: number
}

/** @param more measures of parts that not every service has */
export function createMetrics(measured: Measured, more: readonly Measure[] = []): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  for (const measure of [...measuresOf(measured), ...more]) registry.registerMetric(toMetric(measure))
  return { contentType: registry.contentType, text: () => registry.metrics() }
}

function measuresOf({ tally, source, reloader, signing, certificates }: Measured): readonly Measure[] {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return [
    {
      type: 'gauge',
      name: 'signpost_build_info',
      help: 'Always 1; the labels tell what runs.',
      values: () => [{ labels: { version, node: process.version }, value: 1 }]
    },
    {
      type: 'counter',
      name: 'signpost_requests_total',
      help: 'Requests by dialect, outcome and family of mail programs.',
      values: () => Array.from(tally.requests, ({ labels, count }) => ({ labels, value: count }))
    },
    {
      type: 'histogram',
      name: 'signpost_request_duration_seconds',
      help: 'From the first look at a request to its answer, by dialect.',
      values: () => [...tally.durations].flatMap(rowsOf)
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

/** Why not a Gauge or a Histogram itself: it would count on its own, at a price that every request would pay. */
function toMetric({ name, values, ...told }: Measure): Gauge {
  const named = ({ suffix = '', labels = {}, value }: Value) => ({ metricName: `${name}${suffix}`, labels, value })
  return { name, get: async () => ({ name, ...told, values: values().map(named) }) } as unknown as Gauge
}

function rowsOf({ labels, buckets, count, seconds }: Durations): readonly Value[] {
  const within = buckets.map(({ most, count }) => ({ le: String(most), value: count }))
  return [
    ...[...within, { le: '+Inf', value: count }].map(({ le, value }) => ({
      suffix: '_bucket',
      labels: { ...labels, le },
      value
    })),
    { suffix: '_sum', labels, value: seconds },
    { suffix: '_count', labels, value: count }
  ]
}
