/**
 * The page that finds a domain.
 */
import type { Document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { card, paragraphs, table, when } from '../frame/components.ts'
import { consolePage } from '../frame/page.ts'
import type { Matches } from './search.ts'

export interface SearchPage extends Matches {
  /** As typed. */
  readonly text: string
  /** What is known about exactly this domain; undefined if the text is not a domain. */
  readonly exact: { readonly domain: string; readonly state: 'served' | 'not-served' | 'unavailable' } | undefined
  readonly hasDirectory: boolean
}

export function searchPage({ text, exact, matches, isCut, hasDirectory }: SearchPage): Document {
  const main = html`${searchForm(text)}
${when(exact !== undefined && text !== '', () => exact && exactNote(exact))}
${card(
  { id: 'domains', title: text === '' ? 'Domains of the table' : 'Domains of the table that match' },
  matches.length === 0 ? paragraphs('There are none.') : undefined,
  table(
    [{ title: 'Domain', width: 'wide' }, 'Provider'],
    matches.map(({ domain, provider }) => [domain.startsWith('*') ? domain : domainLink(domain), provider])
  ),
  when(isCut, () => paragraphs('There are more: type a longer part of the name.')),
  when(hasDirectory, () => paragraphs('Domains in the directory are found by their whole name.'))
)}`
  return consolePage({ title: 'Domains', path: '/domains', main })
}

export function searchForm(text: string): Html {
  return html`<form class="ask" action="/domains" role="search"><label for="q">Domain, or a part of it</label>
<div class="row"><input id="q" name="q" value="${text}" maxlength="253" spellcheck="false" autocapitalize="none"><button class="main">Search</button></div></form>`
}

function exactNote({ domain, state }: NonNullable<SearchPage['exact']>): Html {
  if (state === 'served') return html`<p class="lead"><a href="/domains/${domain}">${domain}</a> is served.</p>`
  const text = state === 'unavailable' ? 'The directory is unavailable, so it is unknown whether' : 'Not served:'
  return html`<p class="lead">${text} <b>${domain}</b>${state === 'unavailable' ? ' is served.' : '.'} <a href="/check?domain=${domain}">Check it from outside</a></p>`
}

function domainLink(domain: string): Html {
  return html`<a href="/domains/${domain}">${domain}</a>`
}
