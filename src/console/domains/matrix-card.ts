/**
 * What every mail program makes of a domain: what it asks, what it takes, and what to change.
 */
import type { FoundAccount, Step } from '../../clients/model/client.ts'
import type { ClientResult } from '../../conformance/matrix.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, counted, mark, table } from '../frame/parts.ts'
import type { FoundDomain } from './find-domain.ts'
import { remedyOf } from './remedies.ts'

export const verdicts = {
  same: mark('good', 'as in the table'),
  different: mark('doubtful', 'differs'),
  nothing: mark('bad', 'finds nothing')
} as const

export function matrixCard(rows: readonly ClientResult[], { domain, provider }: FoundDomain): Html {
  const good = rows.filter(({ verdict }) => verdict === 'same').length
  return card(
    { id: 'programs', title: 'Mail programs' },
    html`<p>${good} of ${counted(rows.length, 'program')} find the settings of the table. This is what models of the programs do with
the documents of this service and the DNS records below. <a href="/check?domain=${domain}">Check from outside</a> what they find in the
network.</p>`,
    table(
      ['Program', 'Verdict', { title: 'Takes', width: 'wide' }, { title: 'Reason and remedy', width: 'wide' }, 'Asks'],
      rows.map(row => [
        row.client.title,
        verdicts[row.verdict],
        row.found && takenText(row.found),
        html`${row.detail} ${remedyText(remedyOf(row, provider))}`,
        asked(row, domain)
      ])
    )
  )
}

export function takenText({ incoming, outgoing }: FoundAccount): Html {
  const servers = outgoing === undefined || outgoing === incoming ? [incoming] : [incoming, outgoing]
  const texts = servers.map(({ protocol, host, port, security }) => `${protocol} ${host}:${port} ${security}`)
  return html`${texts.map(text => html`<span class="line">${text}</span>`)}`
}

export function remedyText(remedy: string): Html | undefined {
  return remedy === '' ? undefined : html`<span class="line"><b>Remedy:</b> ${remedy}</span>`
}

/** Why without the queries: they contain only the address. */
function asked({ trace, client }: ClientResult, domain: string): Html {
  const urls = [...new Set(trace.map((step: Step) => step.asked.replace(/\?.*/, '')))]
  return html`<details><summary>${counted(trace.length, 'question')}</summary><ul>${urls.map(url => html`<li>${url}</li>`)}</ul></details>
<a href="/trace?address=jane.doe%40${domain}&amp;program=${client.name}">Trace<span class="skip"> ${client.title}</span></a>`
}
