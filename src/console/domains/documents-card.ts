/**
 * The documents of a domain: a list of all, and a page for each.
 */
import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, mark, table } from '../frame/components.ts'
import { requestText, responseText } from '../frame/http-message.ts'
import { consolePage } from '../frame/page.ts'
import type { ShownDocument } from './documents.ts'

export function documentsCard(documents: readonly ShownDocument[], domain: string): Html {
  return card(
    { id: 'documents', title: 'Documents as served' },
    table(
      ['Document', { title: 'Status', width: 'narrow' }, 'Request'],
      documents.map(shown => [
        html`<a href="/domains/${domain}/documents/${shown.name}">${shown.title}</a>`,
        statusOf(shown),
        html`${shown.request.method} ${shown.request.url}${reasonOf(shown)}`
      ])
    )
  )
}

export function documentPage(shown: ShownDocument, domain: string): Document {
  const { title, request, response, name } = shown
  const unsigned = name === 'apple' ? html`<p>The profile is shown unsigned.</p>` : undefined
  const main = html`<p class="lead">${statusOf(shown)} at ${domain}. <a href="/domains/${domain}#documents">Back to ${domain}</a></p>${reasonOf(shown)}${unsigned}
${card({ id: 'request', title: 'Request' }, requestText(request))}
${card({ id: 'response', title: 'Response' }, responseText(response))}`
  return consolePage({ title, path: '/domains', main })
}

function statusOf({ response: { status }, reason }: ShownDocument): Html {
  return mark(status < 400 ? 'good' : reason === undefined ? 'bad' : 'plain', String(status))
}

function reasonOf({ reason }: ShownDocument): Html | undefined {
  return reason === undefined ? undefined : html`<span class="line">Not served: ${reason}.</span>`
}
