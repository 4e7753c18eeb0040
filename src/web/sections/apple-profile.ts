/**
 * The Apple profile: its download, its steps, and the trap that it is gone after eight minutes.
 */
import { type Html, html } from '../../formats/html.ts'
import { personNameLimit } from '../../settings/person-name.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { richText, richTexts, type SlotValues } from '../words/rich-text.ts'
import { steps } from './steps.ts'

/** @returns undefined where there is none, or nobody that it is for */
export function appleProfile({ messages, person, profile }: SetupView, values: SlotValues): Html | undefined {
  if (profile === undefined || person === undefined) return undefined
  const { apple } = messages
  return html`<section class="card" id="profile"><h2>${apple.heading}</h2>
<p>${apple.lead}</p>
<p><a class="button main" href="/email.mobileconfig?email=${person.addressInUrl}">${richText(apple.download, values)}</a></p>
<details><summary>${apple.withName}</summary><form action="/email.mobileconfig">
<input type="hidden" name="email" value="${person.address}">
<label for="name">${apple.nameLabel}</label>
<div class="row"><input id="name" name="name" autocomplete="name" required maxlength="${personNameLimit}"><button>${apple.nameButton}</button></div>
</form></details>
<div class="pair"><div><h3>${apple.phone}</h3>${steps(richTexts(apple.phoneSteps, values))}
<p class="trap">${richText(apple.eightMinutes, values)}</p></div>
<div><h3>${apple.mac}</h3>${steps(richTexts(apple.macSteps, values))}</div></div>
<p class="soft">${richText(profile.isSigned ? apple.signed : apple.unsigned, values)} ${richText(apple.remove, values)}</p>
</section>
`
}
