/**
 * Links to help pages and support of the provider.
 */
import { type Html, html } from '../../formats/html.ts'
import type { SetupView } from '../pages/setup-view.ts'
import { plainText, translation } from '../words/rich-text.ts'

/** @returns undefined if there are no links */
export function helpLinks({ provider, messages }: SetupView): Html | undefined {
  const { heading, documentation, support, website } = messages.help
  const named = (text: string) => html`${plainText(text, { provider: provider.name })}`
  const pages = provider.documentation.map(({ url, text }) => link(url, translation(text, messages.code)))
  const links = [
    ...(provider.brand.support === undefined ? [] : [link(provider.brand.support, named(support))]),
    ...(provider.website === undefined ? [] : [link(provider.website, named(website))])
  ]
  if (pages.length + links.length === 0) return undefined
  return html`<section class="card" id="help"><h2>${heading}</h2>
${pages.length > 0 ? html`<p>${named(documentation)}</p><ul>${pages}</ul>` : undefined}${links.length > 0 ? html`<ul>${links}</ul>` : undefined}</section>
`
}

function link(url: string, text: Html | undefined): Html {
  return html`<li><a class="link" href="${url}">${text}</a></li>`
}
