/**
 * The setup page of a provider, for everybody: with words in place of the address, to be linked or embedded.
 */
import type { Document } from '../dialects/document.ts'
import type { Provider } from '../settings/provider.ts'
import { inBytes } from './in-bytes.ts'
import type { Messages } from './messages.ts'
import { pageTemplate } from './page-template.ts'
import { setupPage } from './setup-page.ts'
import { createTemplateStore } from './template-store.ts'

const documentOf = createTemplateStore<Document<Buffer>>()

export function providerPage(provider: Provider, messages: Messages): Document<Buffer> {
  return documentOf(provider, messages.code, () => {
    const view = { provider, messages, person: undefined, profile: undefined, hasThunderbirdCode: false }
    return inBytes(pageTemplate([], () => setupPage(view), { shared: true })({}))
  })
}
