/**
 * The login: a note about the password, user names and password.
 */
import { loginSlots } from '../../dialects/login-slots.ts'
import { type Html, html } from '../../formats/html.ts'
import type { AnyServer } from '../../settings/names/login-name.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { translation } from '../words/rich-text.ts'
import { loginOf } from './values.ts'

export function loginCard(view: SetupView): Html {
  const { provider, messages } = view
  const { login: words, authentication } = messages
  const { note = {}, url } = provider.password
  const noteText = translation(note, messages.code)
  const link = url && html`<p class="screen"><a class="button" href="${url}">${words.makePassword}</a></p>`
  return html`<section class="pair" id="login">
${noteText && html`<div class="card note"><h2>${words.note}</h2><p>${noteText}</p>${link}</div>`}
<div class="card"><h2>${words.heading}</h2>
<table role="table" class="login"><tbody role="rowgroup">
${userNames(view).map(({ heading, name }) => row(heading, name))}${passwordRow()}</tbody></table>${noteText ? undefined : link}</div>
</section>
`

  function passwordRow(): Html {
    const { servers, services } = provider
    const methods = new Set((servers.length > 0 ? servers : services).flatMap(server => server.authentication))
    if (methods.has('password') || methods.has('encrypted-password'))
      return row(words.password, html`${noteText ? words.notedPassword : words.plainPassword}`)
    const names = [...methods].map(method => authentication[method]).join(' / ')
    return row(messages.servers.authentication, html`${names}`)
  }
}

function row(heading: string, content: Html): Html {
  return html`<tr role="row"><th scope="row" role="rowheader">${heading}</th><td role="cell">${content}</td></tr>
`
}

/** @returns one user name for all servers, or each name with its servers */
function userNames(view: SetupView): { readonly heading: string; readonly name: Html }[] {
  const { provider, messages } = view
  const { username } = messages.login
  const named = [...provider.servers, ...provider.services].flatMap(server => {
    const name = loginOf(view, server)
    return name === undefined ? [] : [{ server, name }]
  })
  const names = [...new Map(named.map(({ name }) => [name.html, name])).values()]
  return names.map(name => {
    const servers = named.flatMap(({ server, name: { html } }) =>
      html === name.html ? [serverWord(view, server)] : []
    )
    const heading = loginSlots(provider).areEqual ? username : `${username} (${[...new Set(servers)].join(', ')})`
    return { heading, name }
  })
}

function serverWord({ messages }: SetupView, { protocol }: AnyServer): string {
  const { kinds } = messages.services
  return protocol in kinds ? kinds[protocol as keyof typeof kinds] : protocol.toUpperCase()
}
