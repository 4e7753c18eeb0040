/**
 * Pages with status 404: for a provider id or an address that is not served.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import type { Values } from '../../formats/template.ts'
import { type Address, toUnicodeAddress } from '../../settings/question/address.ts'
import { type Device, keptDevice } from '../devices/choose-device.ts'
import { layout, type Page } from '../frame/layout.ts'
import { createTemplateStore, type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import { value } from '../sections/values.ts'
import type { Messages } from '../words/messages.ts'
import { richText, steps } from '../words/rich-text.ts'

const missingTemplateOf = createTemplateStore<PageTemplate<'site'>>()

export interface MissingPage {
  readonly messages: Messages
  /** Title of the service. */
  readonly site: string
  /** Chosen by the visitor. */
  readonly device?: Device | undefined
}

/** For a URL with an unknown provider id. */
export function missingPage({ messages, site, device }: MissingPage): Document {
  const { title, lead } = messages.missing
  const main = html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${addressForm({ messages, typed: '', device })}`
  const options = { messages, provider: undefined, title, languageUrl: `/?${keptDevice(device)}lang=` }
  const fill = missingTemplateOf(undefined, `${messages.code} ${device}`, () =>
    pageTemplate(['site'], ({ site }) => layout(main, { ...options, site }), { status: 404 })
  )
  return fill({ site })
}

const names = ['address', 'addressInUrl', 'domain', 'site'] as const

type Marks = Values<(typeof names)[number]>

const unknownTemplateOf = createTemplateStore<PageTemplate<(typeof names)[number]>>()

export interface UnknownPage extends MissingPage {
  readonly address: Address
}

/** For an address whose domain is not served. */
export function unknownPage({ messages, address, site, device }: UnknownPage): Document {
  const fill = unknownTemplateOf(undefined, `${messages.code} ${device}`, () => {
    return pageTemplate(names, marks => write({ messages, device, marks }), { status: 404 })
  })
  const { text, domain } = toUnicodeAddress(address)
  return fill({ address: text, addressInUrl: encodeURIComponent(address.text), domain, site })
}

interface View {
  readonly messages: Messages
  readonly device: Device | undefined
  readonly marks: Marks
}

function write({ messages, device, marks: { address, addressInUrl, domain, site } }: View): Page {
  const { title, lead, steps: texts } = messages.unknown
  const values = { domain: value(domain) }
  const main = html`<h1>${title}</h1>
<p class="lead">${richText(lead, values)}</p>
${steps(texts, values)}
${addressForm({ messages, typed: address, device })}`
  const languageUrl = `/setup?email=${addressInUrl}&${keptDevice(device)}lang=`
  return layout(main, { messages, provider: undefined, site, title, languageUrl })
}
