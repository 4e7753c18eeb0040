/**
 * The check from outside: doctor for any domain, its progress and its result.
 */
import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, paragraphs, table, timeOf, when } from '../frame/components.ts'
import { consolePage } from '../frame/page.ts'
import { stateOf } from './check-note.ts'
import { resultOf } from './check-result.ts'
import type { LastCheck, Runner } from './runner.ts'

export interface CheckPage {
  /** As typed, or the domain of the result. */
  readonly text: string
  readonly token: string
  readonly running: Runner['running']
  readonly result: LastCheck | undefined
  /** Of other domains, too, the newest first. */
  readonly lastChecks: readonly LastCheck[]
  /** What is wrong with the text. */
  readonly problem?: string | undefined
}

export function checkPage({ text, token, running, result, lastChecks, problem }: CheckPage): Document {
  const main = html`<p class="lead">Examines a domain as mail programs do: the DNS, every URL that they request, and the servers.</p>
${running === undefined ? form({ text, token, problem }) : runningCard(running, problem)}
${when(running === undefined && result !== undefined, () => result && resultOf(result))}
${when(result === undefined && lastChecks.length > 0, () => lastChecksCard(lastChecks))}`
  return consolePage({
    ...{ title: 'Check from outside', path: '/check', main, status: problem === undefined ? 200 : 400 },
    // Why: without JavaScript the page follows the progress by loading itself again.
    head: running && html`<noscript><meta http-equiv="refresh" content="2"></noscript>`
  })
}

function form({ text, token, problem }: Pick<CheckPage, 'text' | 'token' | 'problem'>): Html {
  return html`<form class="ask" method="post" action="/check"><input type="hidden" name="token" value="${token}">
<label for="domain">Domain or address</label>${when(problem !== undefined, () => html`<p class="error" role="alert" id="problem">${problem}</p>`)}
<div class="row"><input id="domain" name="domain" value="${text}" required maxlength="320" spellcheck="false" autocapitalize="none"${when(problem !== undefined, () => html` aria-invalid="true" aria-describedby="problem"`)}><button class="main">Check</button></div>
<small>Of an address only the domain is used: the check asks for postmaster.</small></form>`
}

function lastChecksCard(lastChecks: readonly LastCheck[]): Html {
  const rows = lastChecks.map(check => [
    html`<a href="/check?domain=${check.domain}">${check.domain}</a>`,
    stateOf(check),
    timeOf(check.at)
  ])
  return card(
    { id: 'last', title: 'Last checks' },
    table([{ title: 'Domain', width: 'wide' }, 'Result', 'Time'], rows),
    paragraphs('Results are kept until the service restarts.')
  )
}

function runningCard(
  { domain, progress: { done, all, step } }: NonNullable<Runner['running']>,
  problem: string | undefined
): Html {
  return card(
    { id: 'running', title: `Checking ${domain}` },
    html`${when(problem !== undefined, () => html`<p class="error" role="alert">${problem}</p>`)}<p><progress max="${Math.max(all, 1)}" value="${done}" aria-label="Progress"></progress></p>
<p><span id="step" role="status">${step}</span></p>
<p>One check runs at a time. <a href="/check?domain=${domain}">Show its state</a></p>`
  )
}
