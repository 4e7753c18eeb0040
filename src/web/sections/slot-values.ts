/**
 * The values that texts of the setup page name, as HTML.
 */
import { html } from '../../formats/html.ts'
import { expand } from '../../settings/placeholder.ts'
import { preferred, type Server, serviceOf } from '../../settings/provider.ts'
import type { SetupView } from '../pages/setup-view.ts'
import type { SlotValues } from '../words/rich-text.ts'
import { placeholder, value } from './value.ts'

export function slotValues(view: SetupView): SlotValues {
  const { provider, messages, person, profile } = view
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const dav = serviceOf(provider, 'caldav') ?? serviceOf(provider, 'carddav')
  return {
    address: person === undefined ? placeholder(messages.placeholder.address) : value(person.address),
    login: person === undefined ? placeholder(loginRule(view)) : value(person.login),
    provider: html`<bdi>${provider.name}</bdi>`,
    ...(incoming && { incomingProtocol: html`${incoming.protocol.toUpperCase()}` }),
    ...serverValues(view, 'incoming', incoming),
    ...serverValues(view, 'outgoing', preferred(provider, 'smtp')),
    ...(dav && { dav: value(atDomain(dav.url, view)) }),
    ...(profile && { size: html`<bdi>${profile.size}</bdi>` })
  }
}

/** @returns a host or URL with the domain in it, or with words in place of the domain */
export function atDomain(text: string, { person, messages }: SetupView): string {
  return expand(text, { '%EMAILDOMAIN%': person?.domain ?? `‹${messages.placeholder.domain}›` })
}

/** How the user name is made, in words. */
function loginRule({ provider, messages }: SetupView): string {
  const { address, localPart, domain } = messages.placeholder
  const whole = ['%EMAILADDRESS%', '%EMAILLOCALPART%'].includes(provider.username)
  const word = (text: string) => (whole ? text : `‹${text}›`)
  return expand(provider.username, {
    '%EMAILADDRESS%': word(address),
    '%EMAILLOCALPART%': word(localPart),
    '%EMAILDOMAIN%': word(domain)
  })
}

function serverValues(view: SetupView, name: 'incoming' | 'outgoing', server: Server | undefined): SlotValues {
  if (server === undefined) return {}
  return {
    [name]: value(atDomain(server.host, view)),
    [`${name}Port`]: value(server.port),
    [`${name}Security`]: html`${view.messages.security[server.security]}`
  }
}
