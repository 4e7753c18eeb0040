/**
 * The page for an address whose domain is not served.
 */
import type { Document } from '../dialects/document.ts'
import { html } from '../formats/html.ts'
import type { Values } from '../formats/template.ts'
import type { Address } from '../settings/address.ts'
import { addressForm } from './address-form.ts'
import { layout, type Page } from './layout.ts'
import type { Messages } from './messages.ts'
import { type PageTemplate, pageTemplate } from './page-template.ts'
import { readable } from './readable.ts'
import { richText, richTexts } from './rich-text.ts'
import { steps } from './steps.ts'
import { createTemplateStore } from './template-store.ts'
import { value } from './value.ts'

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
