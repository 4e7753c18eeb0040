/**
 * The form that asks for the mail address.
 */
import { type Html, html } from '../../formats/html.ts'
import type { Messages } from '../words/messages.ts'

export interface AddressForm {
  readonly messages: Messages
  /** Stands in the field. */
  readonly typed: string
  /** What is wrong with it. */
  readonly error?: string | undefined
}

/**
 * Why not checked by the browser: it knows no address with other letters than ASCII before the @, and says what it finds in
 * a language of its own.
 */
export function addressForm({ messages, typed, error }: AddressForm): Html {
  const { label, hint, button } = messages.start
  const alert = error === undefined ? undefined : html`<p class="error" id="error" role="alert">${error}</p>`
  const invalid = error === undefined ? undefined : html` aria-invalid="true" autofocus`
  return html`<form class="card ask" action="/setup" novalidate>
<input type="hidden" name="lang" value="${messages.code}">
<label for="email">${label}</label>${alert}
<div class="row"><input id="email" name="email" type="email" inputmode="email" autocomplete="email" autocapitalize="none" spellcheck="false" dir="ltr" placeholder="jane@example.com" required${invalid} aria-describedby="${error === undefined ? '' : 'error '}hint" value="${typed}"><button class="main">${button}</button></div>
<p class="soft" id="hint">${hint}</p>
</form>
`
}
