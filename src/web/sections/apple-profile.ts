/**
 * The Apple profile on Apple's devices: download, steps, and a warning that it disappears after eight minutes.
 */
import { type Html, html } from '../../formats/html.ts'
import { personNameLimit } from '../../settings/names/person-name.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { richText, type SlotValues, steps } from '../words/rich-text.ts'

/**
 * Why steps for both on a Mac: an iPad asks for pages as a Mac does.
 *
 * @returns undefined if there is no profile or no person, or the device is not from Apple
 */
export function appleProfile(
  { messages, device, person, profile, isForeign }: SetupView,
  values: SlotValues
): Html | undefined {
  if (profile === undefined || person === undefined || (device !== 'iphone' && device !== 'mac')) return undefined
  const { apple } = messages
  const phone = html`${steps(apple.phoneSteps, values)}<p class="trap">${richText(apple.eightMinutes, values)}</p>`
  const both = html`<div class="pair inner"><div><h3>${apple.mac}</h3>${steps(apple.macSteps, values)}</div>
<div><h3>${apple.phone}</h3>${phone}</div></div>`
  return html`<section class="card" id="profile"><h2>${apple.heading}</h2>
<p>${apple.lead}</p>
<p><a class="button main" href="/email.mobileconfig?email=${person.addressInUrl}">${richText(apple.download, values)}</a></p>
${device === 'mac' ? both : phone}
<details><summary>${apple.withName}</summary><form action="/email.mobileconfig">
<input type="hidden" name="email" value="${person.address}">${isForeign ? html`<input type="hidden" name="confirmed" value="1">` : undefined}
<label for="name">${apple.nameLabel}</label>
<div class="row"><input id="name" name="name" autocomplete="name" required maxlength="${personNameLimit}"><button>${apple.nameButton}</button></div>
</form></details>
<p class="soft">${richText(profile.isSigned ? apple.signed : apple.unsigned, values)} ${richText(apple.remove, values)}</p>
</section>
`
}
