/**
 * Everything that is no mail server as a table: calendars, contacts, files, JMAP, ActiveSync, mail filters, webmail.
 */
import { type Html, html } from '../../formats/html.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { atDomain } from './slot-values.ts'
import { value } from './value.ts'

/** @returns undefined where the provider has none */
export function serviceList(view: SetupView): Html | undefined {
  const { provider, messages } = view
  const { heading, service, address, kinds, webmail } = messages.services
  const filters = provider.servers.filter(({ protocol }) => protocol === 'managesieve')
  const rows = [
    ...(provider.webmail === undefined ? [] : [{ kind: webmail, place: link(provider.webmail) }]),
    ...provider.services.map(({ protocol, url }) => ({ kind: kinds[protocol], place: value(atDomain(url, view)) })),
    ...filters.map(({ host, port, security }) => ({
      kind: kinds.managesieve,
      place: html`${value(`${atDomain(host, view)}:${port}`)} ${messages.security[security]}`
    }))
  ]
  if (rows.length === 0) return undefined
  return html`<section class="card" id="services"><h2>${heading}</h2>
<table role="table" class="list"><thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">${service}</th><th scope="col" role="columnheader">${address}</th></tr></thead>
<tbody role="rowgroup">${rows.map(
    ({ kind, place }) =>
      html`<tr role="row"><th scope="row" role="rowheader">${kind}</th><td role="cell">${place}</td></tr>\n`
  )}</tbody></table></section>
`
}

function link(url: string): Html {
  return html`<a href="${url}" dir="ltr">${url.replace(/^https:\/\/|\/$/g, '')}</a>`
}
