/**
 * The start page with the form for the mail address.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import type { Provider } from '../../settings/provider.ts'
import { layout, type Page } from '../frame/layout.ts'
import { createTemplateStore, type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import type { Messages } from '../words/messages.ts'

export interface StartPage {
  readonly messages: Messages
  /** Provider of the requested host, if known. */
  readonly provider: Provider | undefined
  /** Text that was submitted but is not a mail address. */
  readonly typed?: string | undefined
}

const templateOf = createTemplateStore<PageTemplate<'typed'>>()

/** @returns 200, or 400 after a text that is not a mail address */
export function startPage({ messages, provider, typed }: StartPage): Document {
  const isWrong = typed !== undefined
  const fill = templateOf(provider, `${messages.code} ${isWrong}`, () => {
    const status = isWrong ? 400 : 200
    return pageTemplate(['typed'], marks => write({ messages, provider, ...(isWrong && marks) }), { status })
  })
  return fill({ typed: typed ?? '' })
}

function write({ messages, provider, typed }: StartPage): Page {
  const { title, lead, notAnAddress } = messages.start
  const error = typed === undefined ? undefined : notAnAddress
  const main = html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${addressForm({ messages, typed: typed ?? '', error })}`
  return layout(main, { messages, provider, title, languageUrl: '/?lang=' })
}
