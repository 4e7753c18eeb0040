/**
 * The setup page of one provider, for one person or for everyone.
 */

import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import type { Provider } from '../../settings/provider.ts'
import { layout, type Page } from '../frame/layout.ts'
import { createTemplateStore, inBytes, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import { appleProfile } from '../sections/apple-profile.ts'
import { helpLinks } from '../sections/help-links.ts'
import { loginCard } from '../sections/login-card.ts'
import { programSteps } from '../sections/programs.ts'
import { qrCard } from '../sections/qr-codes.ts'
import { serverTable } from '../sections/server-table.ts'
import { serviceList } from '../sections/service-list.ts'
import { slotValues } from '../sections/values.ts'
import type { Messages } from '../words/messages.ts'
import { plainText, richText } from '../words/rich-text.ts'
import { fillView, type SetupView } from './setup-view.ts'

export function setupPage(unfilled: SetupView): Page {
  const view = { ...unfilled, provider: fillView(unfilled) }
  const { provider, messages, person } = view
  const { setup } = messages
  const values = slotValues(view)
  const heading = person === undefined ? setup.providerTitle : setup.title
  const title = plainText(heading, { provider: provider.name, ...(person && { address: person.address }) })
  const addressPrompt =
    person === undefined ? html`<p>${setup.enterAddress}</p>${addressForm({ messages, typed: '' })}` : undefined
  const sections = [
    { id: 'servers', heading: messages.servers.heading, content: servers(view) },
    { id: 'services', heading: messages.services.heading, content: serviceList(view) },
    { id: 'codes', heading: messages.qr.heading, content: qrCard(view, values) },
    { id: 'profile', heading: messages.apple.heading, content: appleProfile(view, values) },
    { id: 'programs', heading: messages.programs.heading, content: programSteps(view, values) },
    { id: 'help', heading: messages.help.heading, content: helpLinks(view) }
  ].filter(({ content }) => content !== undefined)
  const quick = sections.map(({ id, heading }) => html`<li><a href="#${id}" target="_self">${heading}</a></li>`)
  const main = html`<h1>${richText(heading, { ...values, ...(person && { address: html`<bdi>${person.address}</bdi>` }) })}</h1>
<p class="lead">${setup.lead}</p>
${addressPrompt}${loginCard(view)}<nav aria-labelledby="otherwise"><p id="otherwise">${setup.otherwise}</p><ul class="quick">${quick}</ul></nav>
${sections.map(({ content }) => content)}${another(view)}`
  const languageUrl = person === undefined ? `/setup/${provider.id}?lang=` : `/setup?email=${person.addressInUrl}&lang=`
  return layout(main, { messages, provider, title, languageUrl, hasValues: true, embeddable: person === undefined })
}

function servers(view: SetupView): Html | undefined {
  const incoming = serverTable(view, 'incoming')
  const outgoing = serverTable(view, 'outgoing')
  if (incoming === undefined && outgoing === undefined) return undefined
  const { heading, imapOrPop3 } = view.messages.servers
  const protocols = new Set(view.provider.servers.map(({ protocol }) => protocol))
  const choice = protocols.has('imap') && protocols.has('pop3') ? html`<p class="soft">${imapOrPop3}</p>` : undefined
  return html`<section class="card" id="servers"><h2>${heading}</h2>
${incoming}${choice}${outgoing}</section>
`
}

function another({ messages, person }: SetupView): Html | undefined {
  return person && html`<p><a href="/?lang=${messages.code}">${messages.setup.another}</a></p>`
}

const documentOf = createTemplateStore<Document<Buffer>>()

/** The setup page for everyone, with descriptions instead of the address, to be linked or embedded. */
export function providerPage(provider: Provider, messages: Messages): Document<Buffer> {
  return documentOf(provider, messages.code, () => {
    const view = {
      provider,
      messages,
      person: undefined,
      profile: undefined,
      isForeign: false,
      hasThunderbirdCode: false
    }
    return inBytes(pageTemplate([], () => setupPage(view), { shared: true })({}))
  })
}
