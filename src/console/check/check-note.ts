/**
 * One line about the last examination of a domain.
 */
import { isGrave } from '../../doctor/finding.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, counted, mark, timeOf } from '../frame/components.ts'
import type { LastCheck } from './runner.ts'

/** @param token of the form that starts another one */
export function checkNote(domain: string, last: LastCheck | undefined, token: string): Html {
  const state =
    last === undefined
      ? 'It has not been checked from outside since the start.'
      : html`Checked from outside at ${timeOf(last.at)}: ${stateOf(last)} <a href="/check?domain=${domain}">Result</a>`
  return card({ id: 'outside', title: 'From outside' }, html`<p>${state}</p>${checkButton(domain, token)}`)
}

export function checkButton(domain: string, token: string): Html {
  return html`<form method="post" action="/check"><input type="hidden" name="token" value="${token}"><input type="hidden" name="domain" value="${domain}"><button class="main">Check from outside</button></form>`
}

export function stateOf({ examined, failure }: LastCheck): Html {
  if (examined === undefined) return mark('bad', `failed: ${failure}`)
  const count = examined.findings.filter(isGrave).length
  return count === 0 ? mark('good', 'no problems') : mark('bad', counted(count, 'problem'))
}
