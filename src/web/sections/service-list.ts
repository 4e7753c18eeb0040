/**
 * Table of other services: calendars, contacts, files, JMAP, ActiveSync, mail filters, webmail.
 */
import { loginSlots } from '../../dialects/login-slots.ts'
import { type Html, html } from '../../formats/html.ts'
import type { AnyServer } from '../../settings/names/login-name.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { fold } from './fold.ts'
import { atDomain, loginOf, value } from './values.ts'

/** @returns undefined if the provider has no such services */
export function serviceList(view: SetupView): Html | undefined {
  const { provider, messages } = view
  const { heading, service, address, kinds, webmail } = messages.services
  const filters = provider.servers.filter(({ protocol }) => protocol === 'managesieve')
  const rows = [
    ...(provider.webmail === undefined ? [] : [{ kind: webmail, location: link(provider.webmail) }]),
    ...provider.services.map(service => ({
      kind: kinds[service.protocol],
      location: html`${value(atDomain(service.url, view))}${ownLogin(view, service)}`
    })),
    ...filters.map(server => ({
      kind: kinds.managesieve,
      location: html`${value(`${atDomain(server.host, view)}:${server.port}`)} ${messages.security[server.security]}${ownLogin(view, server)}`
    }))
  ]
  if (rows.length === 0) return undefined
  return html`<section class="card ${fold(view)}" id="services"><h2><a href="#services" target="_self">${heading}</a></h2>
<table role="table" class="list"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${service}</th><th scope="col" role="columnheader">${address}</th></tr></thead>
<tbody role="rowgroup">${rows.map(
    ({ kind, location }) =>
      html`<tr role="row"><th scope="row" role="rowheader">${kind}</th><td role="cell">${location}</td></tr>\n`
  )}</tbody></table></section>
`
}

/** @returns the user name of a server, if not all servers have the same one */
function ownLogin(view: SetupView, server: AnyServer): Html | undefined {
  if (loginSlots(view.provider).areEqual) return undefined
  const login = loginOf(view, server)
  return login && html`<br>${view.messages.login.username}: ${login}`
}

function link(url: string): Html {
  return html`<a class="link" href="${url}" dir="ltr">${url.replace(/^https:\/\/|\/$/g, '')}</a>`
}
