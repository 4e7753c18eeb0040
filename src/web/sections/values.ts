/**
 * Values in the setup page: host names, ports, user names and the like, as HTML.
 */
import { loginSlots } from '../../dialects/login-slots.ts'
import { type Html, html } from '../../formats/html.ts'
import { type AnyServer, loginPattern } from '../../settings/names/login-name.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { preferred, type Server, serviceOf } from '../../settings/provider.ts'
import type { SetupView } from '../pages/setup-view.ts'
import type { Messages } from '../words/messages.ts'
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
  const outgoing = preferred(provider, 'smtp')
  const dav = serviceOf(provider, 'caldav') ?? serviceOf(provider, 'carddav')
  return {
    address: person === undefined ? placeholder(messages.placeholder.address) : value(person.address),
    provider: html`<bdi>${provider.name}</bdi>`,
    ...(incoming && { incomingProtocol: html`${incoming.protocol.toUpperCase()}` }),
    ...loginValue(view, 'login', incoming),
    ...loginValue(view, 'outgoingLogin', outgoing),
    ...bothLogins(view, incoming, outgoing),
    ...loginValue(view, 'davLogin', dav),
    ...serverValues(view, 'incoming', incoming),
    ...serverValues(view, 'outgoing', outgoing),
    ...(dav && { dav: value(atDomain(dav.url, view)) }),
    ...(profile && { size: html`<bdi>${profile.size}</bdi>` })
  }
}

/** @returns a host or URL that contains the domain or, without a person, a description of it */
export function atDomain(text: string, { person, messages }: SetupView): string {
  return expand(text, { '%EMAILDOMAIN%': person?.domain ?? `‹${messages.placeholder.domain}›` })
}

/** @returns the user name for a server or, without a person, a description of it; undefined if it has none */
export function loginOf(view: SetupView, server: AnyServer): Html | undefined {
  const { provider, messages, person } = view
  if (person !== undefined) {
    const name = loginSlots(provider).of(person, server)
    return name === undefined ? undefined : value(name)
  }
  const pattern = loginPattern(provider, server)
  return pattern === undefined ? undefined : placeholder(describe(pattern, messages))
}

function describe(pattern: string, messages: Messages): string {
  const { address, localPart, domain } = messages.placeholder
  const isSinglePlaceholder = ['%EMAILADDRESS%', '%EMAILLOCALPART%'].includes(pattern)
  const word = (text: string) => (isSinglePlaceholder ? text : `‹${text}›`)
  return expand(pattern, {
    '%EMAILADDRESS%': word(address),
    '%EMAILLOCALPART%': word(localPart),
    '%EMAILDOMAIN%': word(domain)
  })
}

function loginValue(view: SetupView, slot: keyof SlotValues, server: AnyServer | undefined): SlotValues {
  const login = server && loginOf(view, server)
  return login === undefined ? {} : { [slot]: login }
}

/** For texts about both servers: one user name, or each with its protocol. Why: abbreviations need no translation. */
function bothLogins(view: SetupView, incoming: Server | undefined, outgoing: Server | undefined): SlotValues {
  const one = incoming && loginOf(view, incoming)
  const other = outgoing && loginOf(view, outgoing)
  if (one === undefined) return {}
  if (other === undefined || other.html === one.html) return { bothLogins: one }
  return { bothLogins: html`${one} (${String(incoming?.protocol).toUpperCase()}), ${other} (SMTP)` }
}

function serverValues(view: SetupView, name: 'incoming' | 'outgoing', server: Server | undefined): SlotValues {
  if (server === undefined) return {}
  return {
    [name]: value(atDomain(server.host, view)),
    [`${name}Port`]: value(server.port),
    [`${name}Security`]: html`${view.messages.security[server.security]}`
  }
}
