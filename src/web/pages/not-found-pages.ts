/**
 * Pages with status 404: for a provider id or an address that is not served.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import type { Values } from '../../formats/template.ts'
import { type Address, toUnicodeAddress } from '../../settings/question/address.ts'
import { layout, type Page } from '../frame/layout.ts'
import { createTemplateStore, type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import { value } from '../sections/values.ts'
import type { Messages } from '../words/messages.ts'
import { richText, steps } from '../words/rich-text.ts'

const missingTemplateOf = createTemplateStore<PageTemplate<'site'>>()

/**
 * For a URL with an unknown provider id.
 *
 * @param site title of the service
 */
export function missingPage(messages: Messages, site: string): Document {
  const { title, lead } = messages.missing
  const main = html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${addressForm({ messages, typed: '' })}`
  const options = { messages, provider: undefined, title, languageUrl: '/?lang=' }
  const fill = missingTemplateOf(undefined, messages.code, () =>
    pageTemplate(['site'], ({ site }) => layout(main, { ...options, site }), { status: 404 })
  )
  return fill({ site })
}

const names = ['address', 'addressInUrl', 'domain', 'site'] as const

type Marks = Values<(typeof names)[number]>

const unknownTemplateOf = createTemplateStore<PageTemplate<(typeof names)[number]>>()

export interface UnknownPage {
  readonly messages: Messages
  readonly address: Address
  /** Title of the service. */
  readonly site: string
}

/** For an address whose domain is not served. */
export function unknownPage({ messages, address, site }: UnknownPage): Document {
  const fill = unknownTemplateOf(undefined, messages.code, () => {
    return pageTemplate(names, marks => write(messages, marks), { status: 404 })
  })
  const { text, domain } = toUnicodeAddress(address)
  return fill({ address: text, addressInUrl: encodeURIComponent(address.text), domain, site })
}

function write(messages: Messages, { address, addressInUrl, domain, site }: Marks): Page {
  const { title, lead, steps: texts } = messages.unknown
  const values = { domain: value(domain) }
  const main = html`<h1>${title}</h1>
<p class="lead">${richText(lead, values)}</p>
${steps(texts, values)}
${addressForm({ messages, typed: address })}`
  return layout(main, { messages, provider: undefined, site, title, languageUrl: `/setup?email=${addressInUrl}&lang=` })
}
