/**
 * The part of the overview about requests: the last hour by program and dialect, and the errors of the last day.
 */
import { type Html, html } from '../../formats/html.ts'
import { card, counted, paragraphs, table } from '../frame/components.ts'
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

const chartHeight = 40

/**
 * A bar chart as SVG without text: the numbers are beside it.
 * @param values of each period, the current one last
 * @param label what is counted, for screen readers
 */
function barChart(values: readonly number[], label: string): Html {
  const most = Math.max(1, ...values)
  const bars = values.map((value, index) => {
    const size = Math.max(1, Math.round((value / most) * chartHeight))
    return value === 0 ? '' : `M${index} ${chartHeight}v-${size}h.8v${size}z`
  })
  return html`<svg viewBox="0 0 ${values.length} ${chartHeight}" preserveAspectRatio="none" role="img"><title>${label}</title><path d="M0 ${chartHeight}h${values.length}" class="axis"/><path d="${bars.join('')}"/></svg>`
}
