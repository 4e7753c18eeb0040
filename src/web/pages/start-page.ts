/**
 * The start page with the form for the mail address.
 */
import type { Document } from '../../dialects/document.ts'
import { html } from '../../formats/html.ts'
import { fillProvider } from '../../settings/fill-provider.ts'
import type { Provider } from '../../settings/provider.ts'
import { type Device, keptDevice } from '../devices/choose-device.ts'
import { layout, type Page } from '../frame/layout.ts'
import { createTemplateStore, type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import type { Messages } from '../words/messages.ts'

export interface StartPage {
  readonly messages: Messages
  /** Provider of the requested host, if known. */
  readonly provider: Provider | undefined
  /** Domain of the requested host, as A-labels. */
  readonly domain?: string | undefined
  /** Text that was submitted but is not a mail address. */
  readonly typed?: string | undefined
  /** Title of the service, shown if the provider is not known. */
  readonly site: string
  /** Chosen by the visitor. */
  readonly device?: Device | undefined
}

const templateOf = createTemplateStore<PageTemplate<'typed' | 'domain' | 'site'>>()

/** @returns 200, or 400 after a text that is not a mail address */
export function startPage({ messages, provider, domain, typed, site, device }: StartPage): Document {
  const isWrong = typed !== undefined
  const fill = templateOf(provider, `${messages.code} ${isWrong} ${device}`, () => {
    const status = isWrong ? 400 : 200
    const names = ['typed', 'domain', 'site'] as const
    return pageTemplate(names, marks => write({ messages, provider, device, ...marks, isWrong }), { status })
  })
  return fill({ typed: typed ?? '', domain: domain ?? `‹${messages.placeholder.domain}›`, site })
}

interface FilledPage extends StartPage {
  readonly typed: string
  readonly domain: string
  readonly isWrong: boolean
}

function write({ messages, provider, domain, typed, site, device, isWrong }: FilledPage): Page {
  const { title, lead, notAnAddress } = messages.start
  const main = html`<h1>${title}</h1>
<p class="lead">${lead}</p>
${addressForm({ messages, typed: isWrong ? typed : '', device, error: isWrong ? notAnAddress : undefined })}`
  const filled = provider && fillProvider(provider, { domain })
  return layout(main, {
    messages,
    provider: filled,
    title,
    site,
    languageUrl: `/?${keptDevice(device)}lang=`
  })
}
