/**
 * The example dashboard and alerts for Prometheus in config/ use existing metrics.
 */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { administer, goodPairs, withKeys } from '../support/admin/administer.ts'

const read = (name: string) => readFileSync(new URL(`../../config/${name}`, import.meta.url), 'utf8')

interface Panel {
  readonly id: number
  readonly title: string
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>
  readonly datasource: object
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string; readonly datasource: object }[]
}

const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(read('grafana/signpost.json'))
const alerts: readonly {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: Readonly<Record<string, string>>
}[] = parse(read('prometheus/alerts.yaml')).groups.flatMap(({ rules }: { rules: object[] }) => rules)

// biome-ignore lint/suspicious/noTemplateCurlyInString: this is the syntax of Grafana
const datasourceVariable = '${datasource}'

/** Labels that Prometheus adds. */
const added = ['instance', 'job']

const metricName = /\b(?:signpost|process|nodejs)_[a-z0-9_]+/g
const named = (text: string) => text.match(/[a-z_]+/g) ?? []

function labelsIn(expr: string): string[] {
  const grouped = [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) => named(list))
  const matched = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/([a-z_]+)[=!]/g)].map(([, label = '']) => label)
  )
  return [...grouped, ...matched]
}

const directory = 'directory: { type: sqlite, file: none.sqlite, query: SELECT 1 AS domain WHERE :domain IS NULL }\n'
const users =
  'users: { type: sqlite, file: none.sqlite, query: SELECT 1 AS address FROM a WHERE :address IS NULL, unknown: nobody }\n'
// Why port 1: the connection fails immediately, so the state of Redis is known.
const redis = 'limits: { rate: { redis: "redis://127.0.0.1:1" } }\n'
const { app, metrics } = await administer(t, `mxLookup: {}\n${redis}${directory}${users}${withKeys}`, goodPairs())
await app.inject('/mail/config-v1.1.xml?emailaddress=jane@example.com')
let { samples } = await metrics()
while (!samples.some(({ name }) => name === 'signpost_rate_redis_up')) samples = (await metrics()).samples
const labelsOf = (name: string) =>
  samples.filter(each => each.name === name).flatMap(({ labels }) => Object.keys(labels))

const asked = [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ of: title, expr, labels: legendFormat.match(/(?<=\{\{)\w+/g) ?? [] }))
  ),
  ...alerts.map(({ alert, expr, annotations }) => ({
    of: alert,
    expr,
    labels: Object.values(annotations).flatMap(text => text.match(/(?<=\$labels\.)\w+/g) ?? [])
  }))
]

for (const { of, expr, labels } of asked) {
  t.test(`monitoring: ${of} uses existing metrics and labels: ${expr}`, async t => {
    const names = expr.match(metricName) ?? []
    t.ok(names.length > 0)
    const known = [...added, ...names.flatMap(labelsOf)]
    for (const name of names)
      t.ok(
        samples.some(sample => sample.name === name),
        name
      )
    for (const label of [...labelsIn(expr), ...labels]) t.ok(known.includes(label), label)
  })
}

t.test('monitoring: every panel uses the chosen data source and instance, and panels do not overlap', async t => {
  const { panels } = dashboard
  t.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
  for (const { title, datasource, targets } of panels) {
    for (const each of [datasource, ...targets.map(target => target.datasource)]) {
      t.same(each, { type: 'prometheus', uid: datasourceVariable }, title)
    }
    for (const { expr } of targets) t.match(expr, /\{instance=~"\$instance"\}/)
  }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`)
  )
  t.equal(new Set(cells).size, cells.length, 'panels do not overlap')
  t.ok(panels.every(({ gridPos: { x, w } }) => x + w <= 24))
})

t.test('monitoring: every metric of Signpost is in the dashboard or in an alert', async t => {
  const shown = new Set(asked.flatMap(({ expr }) => expr.match(metricName) ?? []))
  const own = new Set(samples.map(({ name }) => name).filter(name => name.startsWith('signpost_')))
  const silent = [
    'signpost_providers',
    'signpost_request_duration_seconds_sum',
    'signpost_request_duration_seconds_count'
  ]
  t.same(
    [...own].filter(name => !shown.has(name)),
    silent
  )
})

t.test('monitoring: each alert says what is wrong and how bad it is', async t => {
  t.equal(new Set(alerts.map(({ alert }) => alert)).size, alerts.length)
  for (const { alert, labels, annotations } of alerts) {
    t.match(alert, /^Signpost[A-Z][A-Za-z]+$/)
    t.match(labels.severity, /^(?:critical|warning)$/)
    t.ok(annotations.summary && annotations.description, alert)
  }
})
