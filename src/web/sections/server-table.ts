/**
 * Table of incoming or outgoing mail servers: protocol, server, port, connection security, authentication.
 */
import { loginSlots } from '../../dialects/login-slots.ts'
import { type Html, html } from '../../formats/html.ts'
import type { Server, SocketProtocol } from '../../settings/provider.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { atDomain, loginOf, value } from './values.ts'

const directions = { incoming: ['imap', 'pop3'], outgoing: ['smtp'] } as const satisfies Record<
  string,
  readonly SocketProtocol[]
>

/**
 * Why: explicit roles are needed because narrow pages show cells below each other, and browsers then no longer expose a table
 * to screen readers.
 * @returns undefined if there is no such server
 */
export function serverTable(view: SetupView, direction: keyof typeof directions): Html | undefined {
  const { provider, messages } = view
  const servers = directions[direction].flatMap(protocol => provider.servers.filter(each => each.protocol === protocol))
  if (servers.length === 0) return undefined
  const { protocol, server, port, security, authentication } = messages.servers
  const hasLogins = !loginSlots(provider).areEqual
  const columns = [protocol, server, port, security, authentication, ...(hasLogins ? [messages.login.username] : [])]
  return html`<table role="table" class="servers">
<caption>${messages.servers[direction]}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(
    column => html`<th scope="col" role="columnheader">${column}</th>`
  )}</tr></thead>
<tbody role="rowgroup">${servers.map((each, at) => serverRow(view, each, servers.length > 1 ? at === 0 : undefined))}</tbody>
</table>
`
}

/** @param isFirst undefined if there is only one server */
function serverRow(view: SetupView, server: Server, isFirst: boolean | undefined): Html {
  const { servers: words, security, securityMeaning, authentication } = view.messages
  const badge = isFirst ? html` <mark>${words.first}</mark>` : html` <small>${words.alternative}</small>`
  const methods = server.authentication.map(method => authentication[method]).join(' / ')
  const { pathPrefix } = server
  const prefix = pathPrefix && html`<br><small>${words.pathPrefix}</small> ${value(pathPrefix)}`
  return html`
<tr role="row"><th scope="row" role="rowheader">${server.protocol.toUpperCase()}${isFirst === undefined ? undefined : badge}</th>${[
    cell(words.server, html`${value(atDomain(server.host, view))}${prefix}`),
    cell(words.port, value(server.port)),
    cell(
      words.security,
      html`${security[server.security]}<small class="meaning">${securityMeaning[server.security]}</small>`
    ),
    cell(words.authentication, html`${methods}`),
    ...(loginSlots(view.provider).areEqual ? [] : [cell(view.messages.login.username, html`${loginOf(view, server)}`)])
  ]}</tr>`
}

function cell(column: string, content: Html): Html {
  return html`<td role="cell" data-label="${column}">${content}</td>`
}
