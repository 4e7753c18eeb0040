/**
 * The table of metrics for docs/reference/metrics.md, from src/admin/metrics.
 */
import { code, table } from './markdown.ts'
import { sourceObjects } from './source-objects.ts'

/** The labels of each metric that has any. */
const labels: Readonly<Record<string, string>> = {
  signpost_build_info: '`version`, `node`',
  signpost_certificate_expiry_timestamp_seconds: '`use`: `tls` or `signing`; `name`: the name in the certificate',
  signpost_directory_kept_domains: '`kind`: `known` or `unknown`',
  signpost_directory_lookups_total: '`result`: `hit`, `stale`, `miss`, `negative` or `error`',
  signpost_directory_queries_total: '`result`: `ok`, `failed` or `refused`',
  signpost_mx_kept_domains: '`kind`: `known` or `unknown`',
  signpost_mx_lookups_total: '`result`: `hit`, `stale`, `miss`, `negative` or `error`',
  signpost_reloads_total: '`result`: `ok` or `failed`',
  signpost_request_duration_seconds: '`dialect`; `le` from 20 µs to 100 ms',
  signpost_requests_total: '`dialect`, `outcome`, `client`; with `admin.domainMetrics` also `domain`',
  signpost_tls_ask_total: '`answer`: `served`, `not-served` or `unavailable`',
  signpost_users_lookups_total: '`result`: `answered` or `error`',
  signpost_users_queries_total: '`result`: `ok`, `failed` or `refused`',
  signpost_workers: '`state`: `serving`, `silent`, `starting` or `leaving`'
}

export interface Metric {
  readonly name: string
  readonly type: string
  readonly help: string
}

/** @returns every metric of Signpost's own, by name */
export function metrics(): Metric[] {
  return sourceObjects('admin/metrics')
    .map(({ values }) => ({
      name: values.get('name') ?? '',
      type: values.get('type') ?? '',
      help: values.get('help') ?? ''
    }))
    .filter(({ name, help }) => name.startsWith('signpost_') && help !== '')
    .toSorted((a, b) => a.name.localeCompare(b.name))
}

/** @returns the block `metrics`. @throws where `labels` names a metric that does not exist */
export function metricsReference(): Map<string, string> {
  const all = metrics()
  const unknown = Object.keys(labels).filter(label => !all.some(({ name }) => name === label))
  if (unknown.length > 0) throw new Error(`labels of unknown metrics: ${unknown.join(', ')}`)
  const rows = all.map(({ name, type, help }) => [code(name), type, help, labels[name] ?? ''])
  return new Map([['metrics', table(['metric', 'type', 'meaning', 'labels'], rows)]])
}
