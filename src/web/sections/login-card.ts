/**
 * The login: a note about the password, user name and password.
 */
import { type Html, html } from '../../formats/html.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { type SlotValues, translation } from '../words/rich-text.ts'

export function loginCard({ provider, messages }: SetupView, { login }: SlotValues): Html {
  const { login: words, authentication } = messages
  const { note = {}, url } = provider.password
  const noteText = translation(note, messages.code)
  const link = url && html`<p><a class="button" href="${url}">${words.makePassword}</a></p>`
  return html`<section class="pair" id="login">
${noteText && html`<div class="card note"><h2>${words.note}</h2><p>${noteText}</p>${link}</div>`}
<div class="card"><h2>${words.heading}</h2>
<table role="table" class="login"><tbody role="rowgroup">
<tr role="row"><th scope="row" role="rowheader">${words.username}</th><td role="cell">${login}</td></tr>
<tr role="row"><th scope="row" role="rowheader">${words.password}</th><td role="cell">${passwordWords()}</td></tr>
</tbody></table>${noteText ? undefined : link}</div>
</section>
`

  function passwordWords(): string {
    const methods = new Set(provider.servers.flatMap(server => server.authentication))
    if (methods.has('password') || methods.has('encrypted-password'))
      return noteText ? words.notedPassword : words.plainPassword
    return [...methods].map(method => authentication[method]).join(' / ')
  }
}
