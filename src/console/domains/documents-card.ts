/**
 * The documents of a domain, folded.
 */
import { type Html, html } from '../../formats/html.ts'
import { requestText, responseText } from '../frame/message.ts'
import { card, mark } from '../frame/parts.ts'
import type { ShownDocument } from './documents.ts'

export function documentsCard(documents: readonly ShownDocument[]): Html {
  return card(
    { id: 'documents', title: 'Documents as served' },
    html`<p>For the example address jane.doe, over https. Apple profiles are shown unsigned.</p>`,
    documents.map(({ title, request, response, reason }) => {
      const tone = response.status < 400 ? 'good' : reason === undefined ? 'bad' : 'plain'
      return html`<details class="step"><summary>${mark(tone, String(response.status))} <span>${title}</span></summary>
${reason === undefined ? undefined : html`<p>Not served: ${reason}.</p>`}${requestText(request)}
${responseText(response)}</details>
`
    })
  )
}
