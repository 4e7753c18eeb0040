/**
 * One line about the last examination of a domain.
 */
import { isGrave } from '../../doctor/finding.ts'
import { type Html, html } from '../../formats/html.ts'
import { counted, mark, timeOf } from '../frame/parts.ts'
import type { LastCheck } from './runner.ts'

export function checkNote(domain: string, last: LastCheck | undefined): Html {
  const link = html`<a href="/check?domain=${domain}">${last === undefined ? 'Check from outside' : 'Result'}</a>`
  return html`<p class="note card">${last === undefined ? 'It has not been checked from outside since the start.' : html`Checked from outside at ${timeOf(last.at)}: ${stateOf(last)}`} ${link}</p>`
}

export function stateOf({ examined, failure }: LastCheck): Html {
  if (examined === undefined) return mark('bad', `failed: ${failure}`)
  const count = examined.findings.filter(isGrave).length
  return count === 0 ? mark('good', 'no problems') : mark('bad', counted(count, 'problem'))
}
