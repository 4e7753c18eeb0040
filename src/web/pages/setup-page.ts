/**
 * The setup page of one provider, for one person or for everyone.
 */

import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import type { Provider } from '../../settings/provider.ts'
import type { ChosenDevice } from '../devices/choose-device.ts'
import { layout, type Page } from '../frame/layout.ts'
import { cacheable, createTemplateStore, inBytes, pageTemplate } from '../frame/page-template.ts'
import { addressForm } from '../sections/address-form.ts'
import { appleProfile } from '../sections/apple-profile.ts'
import { deviceLinks } from '../sections/device-links.ts'
import { fold } from '../sections/fold.ts'
import { helpLinks } from '../sections/help-links.ts'
import { loginCard } from '../sections/login-card.ts'
import { type GuidesOptions, programGuides } from '../sections/programs.ts'
import { qrCard } from '../sections/qr-codes.ts'
import { serverTable } from '../sections/server-table.ts'
import { serviceList } from '../sections/service-list.ts'
import { slotValues } from '../sections/values.ts'
import type { ChosenLanguage } from '../words/choose-language.ts'
import { plainText, richText, translation } from '../words/rich-text.ts'
import { fillView, inUrl, type SetupView } from './setup-view.ts'

export function setupPage(unfilled: SetupView): Page {
  const view = { ...unfilled, provider: fillView(unfilled) }
  const { provider, messages, person, deviceInUrl } = view
  const { setup } = messages
  const values = slotValues(view)
  const heading = person === undefined ? setup.providerTitle : setup.title
  const title = plainText(heading, { provider: provider.name, ...(person && { address: person.address }) })
  const url = person === undefined ? `/setup/${provider.id}?` : `/setup?email=${person.addressInUrl}&`
  const tables = servers(view)
  // Why: a provider has at least one server or service.
  const settings = tables === undefined ? 'services' : 'servers'
  const hasNote = translation(provider.password.note ?? {}, messages.code) !== undefined
  const quick = [
    ...(hasNote ? [{ id: 'login', text: messages.login.note }] : []),
    { id: settings, text: setup.allSettings }
  ].map(({ id, text }) => html`<li><a href="#${id}" target="_self">${text}</a></li>`)
  const main = html`<h1>${richText(heading, { ...values, ...(person && { address: html`<bdi>${person.address}</bdi>` }) })}</h1>
${addressPrompt(view)}${deviceLinks(view, url)}<ul class="quick">${quick}</ul>
${guides(view, { values, settings })}${tables}${serviceList(view)}${helpLinks(view)}${another(view)}`
  const languageUrl = `${url}${deviceInUrl}lang=`
  return layout(main, { messages, provider, title, languageUrl, hasValues: true, embeddable: person === undefined })
}

/** Why codes early for phones: on a wide screen, scanning them is the first step. */
function guides(view: SetupView, options: GuidesOptions): (Html | undefined)[] {
  const profile = appleProfile(view, options.values)
  const programs = programGuides(view, options)
  const codes = qrCard(view, options.values)
  const login = loginCard(view)
  if (view.device === 'iphone') return [profile, codes, programs, login]
  return view.device === 'android' ? [programs, codes, login] : [profile, programs, login, codes]
}

function addressPrompt({ messages, device, deviceInUrl, person }: SetupView): Html | undefined {
  if (person !== undefined) return undefined
  const chosen = deviceInUrl === '' ? undefined : device
  return html`<p>${messages.setup.enterAddress}</p>${addressForm({ messages, typed: '', device: chosen })}`
}

function servers(view: SetupView): Html | undefined {
  const incoming = serverTable(view, 'incoming')
  const outgoing = serverTable(view, 'outgoing')
  if (incoming === undefined && outgoing === undefined) return undefined
  const { heading, imapOrPop3 } = view.messages.servers
  const protocols = new Set(view.provider.servers.map(({ protocol }) => protocol))
  const choice = protocols.has('imap') && protocols.has('pop3') ? html`<p class="soft">${imapOrPop3}</p>` : undefined
  return html`<section class="card ${fold(view)}" id="servers"><h2><a href="#servers" target="_self">${heading}</a></h2>
${incoming}${choice}${outgoing}</section>
`
}

function another({ messages, person, deviceInUrl }: SetupView): Html | undefined {
  return (
    person && html`<p><a class="link" href="/?${deviceInUrl}lang=${messages.code}">${messages.setup.another}</a></p>`
  )
}

/** The same page with different headers. */
interface ProviderPage {
  /** If the URL names the language. */
  readonly chosen: Document<Buffer>
  readonly guessed: Document<Buffer>
}

const pageOf = createTemplateStore<ProviderPage>()

/** What a page for everyone depends on, besides its provider. */
export interface Choices {
  readonly language: ChosenLanguage
  readonly device: ChosenDevice
}

/** The setup page for everyone, with descriptions instead of the address, to be linked or embedded. */
export function providerPage(provider: Provider, { language, device }: Choices): Document<Buffer> {
  const { messages } = language
  const deviceInUrl = inUrl(device)
  const page = pageOf(provider, `${messages.code} ${device.device} ${deviceInUrl}`, () => {
    const view = {
      provider,
      messages,
      device: device.device,
      deviceInUrl,
      person: undefined,
      profile: undefined,
      isForeign: false,
      hasThunderbirdCode: false
    }
    const page = inBytes(pageTemplate([], () => setupPage(view), { shared: true })({}))
    return {
      chosen: cacheable(page, { language: true, device: device.isChosen }),
      guessed: cacheable(page, { language: false, device: device.isChosen })
    }
  })
  return language.isChosen ? page.chosen : page.guessed
}
