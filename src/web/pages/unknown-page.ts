/**
 * The page for an address whose domain is not served.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import type { Values } from '../../formats/template.ts'
import type { Address } from '../../settings/address.ts'
import { layout, type Page } from '../frame/layout.ts'
import { type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { createTemplateStore } from '../frame/template-store.ts'
import { addressForm } from '../sections/address-form.ts'
import { steps } from '../sections/steps.ts'
import { value } from '../sections/value.ts'
import type { Messages } from '../words/messages.ts'
import { readable } from '../words/readable-address.ts'
import { richText, richTexts } from '../words/rich-text.ts'

const names = ['address', 'addressInUrl', 'domain'] as const

type Marks = Values<(typeof names)[number]>

const templateOf = createTemplateStore<PageTemplate<(typeof names)[number]>>()

/** @returns 404 */
export function unknownPage(messages: Messages, address: Address): Document {
  const fill = templateOf(undefined, messages.code, () => {
    return pageTemplate(names, marks => write(messages, marks), { status: 404 })
  })
  const { text, domain } = readable(address)
  return fill({ address: text, addressInUrl: encodeURIComponent(address.text), domain })
}

function write(messages: Messages, { address, addressInUrl, domain }: Marks): Page {
  const { title, lead, steps: texts } = messages.unknown
  const values = { domain: value(domain) }
  const main = html`<h1>${title}</h1>
<p class="lead">${richText(lead, values)}</p>
${steps(richTexts(texts, values))}
${addressForm({ messages, typed: address })}`
  return layout(main, { messages, provider: undefined, title, here: `/setup?email=${addressInUrl}&lang=` })
}
