/**
 * The page that shows what a mail program requests for an address, and what it gets.
 */
import { clients } from '../../clients/index.ts'
import type { Client } from '../../clients/model/client.ts'
import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { takenText } from '../domains/matrix-card.ts'
import { card, counted, mark, when } from '../frame/components.ts'
import { requestText, responseText } from '../frame/http-message.ts'
import { consolePage } from '../frame/page.ts'
import type { Trace, TracedStep } from './trace.ts'

export interface TracePage {
  /** As typed. */
  readonly text: string
  readonly program: string
  /** What is wrong with the input. */
  readonly problem?: string | undefined
  readonly traced?: { readonly client: Client; readonly trace: Trace } | undefined
}

export function tracePage({ text, program, problem, traced }: TracePage): Document {
  const main = html`<p class="lead">What a mail program requests for an address, and what it gets from this service and the DNS records that
the domain should have.</p>
<form class="ask" action="/trace"><label for="address">Address</label>${when(problem !== undefined, () => html`<p class="error" role="alert" id="problem">${problem}</p>`)}
<div class="row"><input id="address" name="address" value="${text}" required maxlength="320" spellcheck="false" autocapitalize="none"${when(problem !== undefined, () => html` aria-invalid="true" aria-describedby="problem"`)}></div>
<label for="program">Program</label>
<div class="row"><select id="program" name="program">${clients.map(client => option(client, program))}</select><button class="main">Trace</button></div></form>
${traced && traceCard(traced.client, traced.trace)}`
  return consolePage({ title: 'Trace', path: '/trace', main, status: problem === undefined ? 200 : 400 })
}

function option({ name, title }: Client, chosen: string): Html {
  return html`<option value="${name}"${when(name === chosen, () => html` selected`)}>${title}</option>`
}

function traceCard({ title }: Client, { account, reason, steps }: Trace): Html {
  const result =
    account === undefined
      ? html`${mark('bad', 'finds nothing')} ${reason}`
      : html`${mark('good', 'finds settings')} ${takenText(account)} from <code>${account.from}</code>`
  return card(
    { id: 'trace', title: `${title}: ${counted(steps.length, 'step')}` },
    html`<p>${result}</p>`,
    html`<ol>${shownOnce(steps).map(stepItem)}</ol>`
  )
}

interface ShownStep extends TracedStep {
  /** The number of an earlier step with the same bytes. */
  readonly sameAs: number | undefined
}

/** Why once: programs get the same document at several URLs, and a page has at most 60 kB. */
function shownOnce(steps: readonly TracedStep[]): ShownStep[] {
  const seen = new Map<string, number>()
  return steps.map((step, index) => {
    const { body = '' } = step.exchange?.response ?? {}
    const sameAs = seen.get(body)
    if (body !== '' && sameAs === undefined) seen.set(body, index + 1)
    return { ...step, sameAs }
  })
}

function stepItem({ asked, result, exchange, sameAs }: ShownStep): Html {
  if (exchange === undefined) return html`<li class="step"><code>${asked}</code>: ${result}</li>\n`
  const { request, response } = exchange
  const shown = sameAs === undefined ? response : { ...response, body: `(the same body as in step ${sameAs})` }
  return html`<li class="step"><details><summary><code>${asked}</code>: ${result}</summary>${requestText(request)}
${responseText(shown)}</details></li>
`
}
