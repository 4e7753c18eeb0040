/**
 * The setup page of a provider, for everybody: with words in place of the address, to be linked or embedded.
 */
import type { Document } from '../../dialects/document.ts'
import type { Provider } from '../../settings/provider.ts'
import { inBytes } from '../frame/in-bytes.ts'
import { pageTemplate } from '../frame/page-template.ts'
import { createTemplateStore } from '../frame/template-store.ts'
import type { Messages } from '../words/messages.ts'
import { setupPage } from './setup-page.ts'

const documentOf = createTemplateStore<Document<Buffer>>()

export function providerPage(provider: Provider, messages: Messages): Document<Buffer> {
  return documentOf(provider, messages.code, () => {
    const view = { provider, messages, person: undefined, profile: undefined, hasThunderbirdCode: false }
    return inBytes(pageTemplate([], () => setupPage(view), { shared: true })({}))
  })
}
