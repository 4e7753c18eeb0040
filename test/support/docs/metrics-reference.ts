/**
 * The table of metrics for docs/reference/metrics.md, as src/admin registers them.
 */

import { Registry } from 'prom-client'
import { acmeMetrics } from '../../../src/admin/acme-metrics.ts'
import { lookupMetrics } from '../../../src/admin/lookup-metrics.ts'
import { logMetrics, requestMetrics } from '../../../src/admin/request-metrics.ts'
import { serviceMetrics, workerMetrics } from '../../../src/admin/service-metrics.ts'
import { code, table } from './markdown.ts'

/** The labels of each metric that has any. */
const labels: Readonly<Record<string, string>> = {
  signpost_acme_attempts_total: '`result`: `obtained`, `failed` or `refused`',
  signpost_acme_certificates: '`state`: `stored` or `incomplete`',
  signpost_build_info: '`version`, `node`',
  signpost_certificate_expiry_timestamp_seconds: '`use`: `tls` or `signing`; `name`: the name in the certificate',
  signpost_directory_kept_domains: '`kind`: `known` or `unknown`',
  signpost_directory_lookups_total: '`result`: `hit`, `stale`, `miss`, `negative` or `error`',
  signpost_directory_queries_total: '`result`: `ok`, `failed` or `refused`',
  signpost_errors_total: '`code`, see [Errors](errors.md)',
  signpost_mx_kept_domains: '`kind`: `known` or `unknown`',
  signpost_mx_lookups_total: '`result`: `hit`, `stale`, `miss`, `negative` or `error`',
  signpost_reloads_total: '`result`: `ok` or `failed`',
  signpost_request_duration_seconds: '`dialect`; `le` from 20 µs to 100 ms',
  signpost_requests_total: '`dialect`, `outcome`, `client`; with `admin.domainMetrics` also `domain`',
  signpost_proxy_protocol_refused_total:
    '`reason`: `untrusted` (not in `http.trustProxy`), `missing`, `invalid` or `timeout` (of the header)',
  signpost_tls_ask_total: '`answer`: `served`, `not-served` or `unavailable`',
  signpost_users_lookups_total: '`result`: `answered` or `error`',
  signpost_users_queries_total: '`result`: `ok`, `failed` or `refused`',
  signpost_workers: '`state`: `serving`, `silent`, `starting` or `leaving`'
}

interface Metric {
  readonly name: string
  readonly help: string
}

/** @returns every metric that Signpost defines, by name */
export function allMetrics(): Metric[] {
  const registry = new Registry()
  // Why empty: metrics are registered with functions, which read the service only when they are collected.
  const service = JSON.parse('{ "customers": {}, "mxLookUp": {}, "users": {} }')
  const families = [
    acmeMetrics(service),
    lookupMetrics(service, service),
    requestMetrics(service),
    logMetrics(service),
    serviceMetrics(service),
    workerMetrics(service)
  ]
  for (const register of families) register(registry)
  return registry.getMetricsAsArray().toSorted((a, b) => a.name.localeCompare(b.name))
}

/** @returns the block `metrics`. @throws if `labels` has an unknown metric, or lacks one with labels */
export function metricsReference(): Map<string, string> {
  const all = allMetrics()
  const unknown = Object.keys(labels).filter(label => !all.some(({ name }) => name === label))
  const lacking = all
    .flatMap(metric => labelsOf(metric).map(label => ({ name: metric.name, label })))
    .filter(({ name, label }) => !labels[name]?.includes(`\`${label}\``))
    .map(({ name, label }) => `${name}{${label}}`)
  if (unknown.length + lacking.length > 0)
    throw new Error(`metrics-reference.ts: ${[...unknown, ...lacking].join(', ')}`)
  const rows = all.map(({ name, help }) => [code(name), help, labels[name] ?? ''])
  return new Map([['metrics', table(['metric', 'meaning', 'labels'], rows)]])
}

/** Properties that prom-client has but does not declare. */
function labelsOf(metric: Metric): string[] {
  return [Reflect.get(metric, 'labelNames') ?? []].flat().map(String)
}
