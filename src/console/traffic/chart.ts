/**
 * Bar charts of the requests in each period, as SVG without text: the numbers are beside them.
 */
import { type Html, html } from '../../formats/html.ts'

const height = 40

/**
 * @param values of each period, the current one last
 * @param label what is counted, for screen readers
 */
export function barChart(values: readonly number[], label: string): Html {
  const most = Math.max(1, ...values)
  const bars = values.map((value, index) => {
    const size = Math.max(1, Math.round((value / most) * height))
    return value === 0 ? '' : `M${index} ${height}v-${size}h.8v${size}z`
  })
  return html`<svg viewBox="0 0 ${values.length} ${height}" preserveAspectRatio="none" role="img"><title>${label}</title><path d="M0 ${height}h${values.length}" class="axis"/><path d="${bars.join('')}"/></svg>`
}
