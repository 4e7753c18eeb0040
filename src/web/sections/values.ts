/**
 * Values in the setup page: host names, ports, user names and the like, as HTML.
 */
import { type Html, html } from '../../formats/html.ts'
import { expand } from '../../settings/placeholder.ts'
import { preferred, type Server, serviceOf } from '../../settings/provider.ts'
import type { SetupView } from '../pages/setup-view.ts'
import type { SlotValues } from '../words/rich-text.ts'

/** A value to type or copy. Why: it is never translated and always written from left to right. */
export function value(text: string | number): Html {
  return html`<code translate="no" dir="ltr">${text}</code>`
}

/** A description of a value that is not known. */
export function placeholder(words: string): Html {
  return html`<i>${words}</i>`
}

/** @returns the values of all slots in texts that the provider has */
export function slotValues(view: SetupView): SlotValues {
  const { provider, messages, person, profile } = view
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const dav = serviceOf(provider, 'caldav') ?? serviceOf(provider, 'carddav')
  return {
    address: person === undefined ? placeholder(messages.placeholder.address) : value(person.address),
    login: person === undefined ? placeholder(loginDescription(view)) : value(person.login),
    provider: html`<bdi>${provider.name}</bdi>`,
    ...(incoming && { incomingProtocol: html`${incoming.protocol.toUpperCase()}` }),
    ...serverValues(view, 'incoming', incoming),
    ...serverValues(view, 'outgoing', preferred(provider, 'smtp')),
    ...(dav && { dav: value(atDomain(dav.url, view)) }),
    ...(profile && { size: html`<bdi>${profile.size}</bdi>` })
  }
}

/** @returns a host or URL that contains the domain or, without a person, a description of it */
export function atDomain(text: string, { person, messages }: SetupView): string {
  return expand(text, { '%EMAILDOMAIN%': person?.domain ?? `‹${messages.placeholder.domain}›` })
}

/** @returns a description of the user name, made from the pattern of the provider */
function loginDescription({ provider, messages }: SetupView): string {
  const { address, localPart, domain } = messages.placeholder
  const isSinglePlaceholder = ['%EMAILADDRESS%', '%EMAILLOCALPART%'].includes(provider.username)
  const word = (text: string) => (isSinglePlaceholder ? text : `‹${text}›`)
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
