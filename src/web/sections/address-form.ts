/**
 * The form for the mail address.
 */
import { type Html, html } from '../../formats/html.ts'
import type { Device } from '../devices/choose-device.ts'
import type { Messages } from '../words/messages.ts'

export interface AddressForm {
  readonly messages: Messages
  /** Initial content of the field. */
  readonly typed: string
  /** Chosen by the visitor, and kept for the next page. */
  readonly device?: Device | undefined
  /** Message about an invalid address. */
  readonly error?: string | undefined
}

/**
 * Why: the browser does not validate the address (`novalidate`), because it rejects non-ASCII letters before the @ and shows
 * messages in its own language.
 */
export function addressForm({ messages, typed, device, error }: AddressForm): Html {
  const { label, hint, button } = messages.start
  const alert = error === undefined ? undefined : html`<p class="error" id="error" role="alert">${error}</p>`
  const invalid = error === undefined ? undefined : html` aria-invalid="true" autofocus`
  return html`<form class="card ask" action="/setup" novalidate>
<input type="hidden" name="lang" value="${messages.code}">${device && html`<input type="hidden" name="device" value="${device}">`}
<label for="email">${label}</label>${alert}
<div class="row"><input id="email" name="email" type="email" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" dir="ltr" placeholder="jane@example.com" required${invalid} aria-describedby="${error === undefined ? '' : 'error '}hint" value="${typed}"><button class="main">${button}</button></div>
<p class="soft" id="hint">${hint}</p>
</form>
`
}
