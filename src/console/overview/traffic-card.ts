/**
 * The part of the overview about requests: the last hour by program and dialect, and the errors of the last day.
 */
import { type Html, html } from '../../formats/html.ts'
import { card, counted, paragraphs, table } from '../frame/parts.ts'
import { barChart } from '../traffic/chart.ts'
import { sums, type Traffic } from '../traffic/history.ts'

export function trafficCard({ minutes, hours }: Traffic): Html {
  const total = minutes.reduce((sum, period) => sum + period.total, 0)
  const errors = sums(hours, 'errors')
  return card(
    { id: 'requests', title: 'Requests of the last hour' },
    html`<div class="chart">${barChart(
      minutes.map(period => period.total),
      `Requests in each of the last 60 minutes, ${total.toLocaleString('en')} in all`
    )}</div>`,
    paragraphs(total === 0 ? 'There were no requests.' : `${counted(total, 'request')}.`),
    html`<div class="pair inner">${part(minutes, { of: 'clients', title: 'Program' })}${part(minutes, { of: 'dialects', title: 'Dialect' })}</div>`,
    html`<h3>Errors of the last day</h3>`,
    errors.length === 0
      ? paragraphs('No response reported an error.')
      : table(
          ['Code', 'Responses', { title: 'By hour', width: 'wide' }],
          errors.map(([code, count]) => [
            html`<code>${code}</code>`,
            count.toLocaleString('en'),
            small(
              hours.map(period => period.errors.get(code) ?? 0),
              `${code} in each of the last 24 hours`
            )
          ])
        )
  )
}

interface PartOptions {
  readonly of: 'clients' | 'dialects'
  readonly title: string
}

function part(minutes: Traffic['minutes'], { of, title }: PartOptions): Html {
  return html`<div>${table(
    [title, 'Requests', { title: 'By minute', width: 'wide' }],
    sums(minutes, of).map(([key, count]) => [
      key,
      count.toLocaleString('en'),
      small(
        minutes.map(period => period[of].get(key) ?? 0),
        `${key} in each of the last 60 minutes`
      )
    ])
  )}</div>`
}

function small(values: readonly number[], label: string): Html {
  return html`<span class="small chart">${barChart(values, label)}</span>`
}
