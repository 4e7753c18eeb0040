/**
 * What every mail program makes of a domain: what it asks, what it takes, and what to change.
 */
import type { FoundAccount, Step } from '../../clients/model/client.ts'
import type { ClientResult } from '../../conformance/matrix.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, counted, mark, table, when } from '../frame/components.ts'
import { foreign } from '../frame/foreign.ts'
import type { FoundDomain } from './find-domain.ts'
import { remedyOf } from './remedies.ts'

export const verdicts = {
  same: mark('good', 'as in the table'),
  different: mark('doubtful', 'differs'),
  nothing: mark('bad', 'finds nothing')
} as const

export const verdictColumn = { title: 'Verdict', width: 'narrow' } as const

const order = ['nothing', 'different', 'same'] as const

/** @returns the programs that fail before all others */
export function worstFirst<Row extends { readonly verdict: (typeof order)[number] }>(rows: readonly Row[]): Row[] {
  return rows.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
}

export function matrixCard(rows: readonly ClientResult[], { domain, provider }: FoundDomain): Html {
  const good = rows.filter(({ verdict }) => verdict === 'same').length
  return card(
    { id: 'programs', title: 'Mail programs' },
    html`<p>${good} of ${counted(rows.length, 'program')} find the settings of the table. This is what models of the programs do with
the documents of this service and the DNS records below. <a href="/check?domain=${domain}">Check from outside</a> what they find in the
network.</p>`,
    table(
      ['Program', verdictColumn, 'Takes, or why not'],
      worstFirst(rows).map(row => [
        html`${row.client.title}${asked(row, domain)}`,
        verdicts[row.verdict],
        outcomeText(row.found, row.detail, remedyOf(row, provider))
      ])
    )
  )
}

/** @returns what a program takes, what is wrong with it, and what to change */
export function outcomeText(account: FoundAccount | undefined, detail: string, remedy: string): Html {
  return html`${account && takenText(account)}${when(detail !== '', () => html`<span class="line">${detail}</span>`)}${when(remedy !== '', () => html`<span class="line"><b>Remedy:</b> ${remedy}</span>`)}`
}

export function takenText({ incoming, outgoing }: FoundAccount): Html {
  const servers = outgoing === undefined || outgoing === incoming ? [incoming] : [incoming, outgoing]
  const texts = servers.map(({ protocol, host, port, security }) => `${protocol} ${host}:${port} ${security}`)
  return html`${texts.map(text => html`<span class="line">${foreign(text)}</span>`)}`
}

/** Why without the queries: they contain only the address. */
function asked({ trace, client }: ClientResult, domain: string): Html {
  const urls = [...new Set(trace.map((step: Step) => step.asked.replace(/\?.*/, '')))]
  return html`<details class="plain"><summary>asks ${counted(trace.length, 'question')}</summary><ul>${urls.map(url => html`<li>${url}</li>`)}</ul>
<a href="/trace?address=jane.doe%40${domain}&amp;program=${client.name}">Trace<span class="skip"> ${client.title}</span></a></details>`
}
