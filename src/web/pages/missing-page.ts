/**
 * The page for a provider that there is none of.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import { layout } from '../frame/layout.ts'
import { type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { createTemplateStore } from '../frame/template-store.ts'
import { addressForm } from '../sections/address-form.ts'
import type { Messages } from '../words/messages.ts'

const templateOf = createTemplateStore<PageTemplate<never>>()

/** @returns 404 */
export function missingPage(messages: Messages): Document {
  const { title, lead } = messages.missing
  const main = html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${addressForm({ messages, typed: '' })}`
  const options = { messages, provider: undefined, title, here: '/?lang=' }
  const fill = templateOf(undefined, messages.code, () =>
    pageTemplate([], () => layout(main, options), { status: 404 })
  )
  return fill({})
}
