/**
 * The page for an address whose domain is known neither to the table nor to lookups, at a host of a provider: is it a typing
 * error, or a customer's own domain?
 *
 * Why: settings for a mistyped domain would send the person's password to the wrong provider.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import type { Values } from '../../formats/template.ts'
import type { Provider } from '../../settings/provider.ts'
import { type Address, toUnicodeAddress } from '../../settings/question/address.ts'
import { type Device, keptDevice } from '../devices/choose-device.ts'
import { layout, type Page } from '../frame/layout.ts'
import { createTemplateStore, type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import { value } from '../sections/values.ts'
import type { Messages } from '../words/messages.ts'
import { richText } from '../words/rich-text.ts'

export interface ForeignPage {
  readonly messages: Messages
  /** The provider of the requested host. */
  readonly provider: Provider
  readonly address: Address
  /** Chosen by the visitor. */
  readonly device?: Device | undefined
}

const names = ['address', 'addressInUrl', 'domain'] as const

type Marks = Values<(typeof names)[number]>

const templateOf = createTemplateStore<PageTemplate<(typeof names)[number]>>()

export function foreignPage({ messages, provider, address, device }: ForeignPage): Document {
  const fill = templateOf(provider, `${messages.code} ${device}`, () =>
    pageTemplate(names, marks => write({ messages, provider, device, marks }))
  )
  const { text, domain } = toUnicodeAddress(address)
  return fill({ address: text, addressInUrl: encodeURIComponent(address.text), domain })
}

interface View extends Omit<ForeignPage, 'address'> {
  readonly marks: Marks
}

function write({ messages, provider, device, marks }: View): Page {
  const { title, lead, own, confirm } = messages.foreign
  const { address, addressInUrl } = marks
  const kept = keptDevice(device)
  const values = { domain: value(marks.domain), provider: html`<bdi>${provider.name}</bdi>` }
  const main = html`<h1>${title}</h1>
<p class="lead">${richText(lead, values)}</p>
${addressForm({ messages, typed: address, device })}
<section class="card note"><p>${richText(own, values)}</p>
<p><a class="button" href="/setup?email=${addressInUrl}&amp;confirmed=1&amp;${kept}lang=${messages.code}">${richText(confirm, values)}</a></p></section>
`
  return layout(main, { messages, provider, title, languageUrl: `/setup?email=${addressInUrl}&${kept}lang=` })
}
