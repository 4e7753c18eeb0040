/**
 * What surrounds every page: head, logo, menu of languages, footer.
 */
import { type Html, html } from '../../formats/html.ts'
import { type Brand, toBrand } from '../../settings/brand.ts'
import { languages } from '../words/languages/index.ts'
import type { Messages } from '../words/messages.ts'
import { contentSecurityPolicy } from './content-security-policy.ts'
import { icon } from './icon.ts'
import { script } from './script.ts'
import { style } from './style.ts'

export interface Page {
  readonly markup: string
  readonly policy: string
}

export interface Layout {
  readonly messages: Messages
  /** Whose page it is, where that is known. */
  readonly provider: Pick<Named, 'name' | 'brand'> | undefined
  readonly title: string
  /** The path of this page and its query, up to the value of `lang`. */
  readonly here: string
  /** There are values to copy, and something to print. */
  readonly hasValues?: boolean
  /** Other websites may show the page within theirs. */
  readonly embeddable?: boolean
}

interface Named {
  readonly name: string
  readonly brand: Brand
}

const noBrand = toBrand({}, undefined)

export function layout(main: Html, options: Layout): Page {
  const { messages, provider, title, hasValues = false, embeddable = false } = options
  const { frame } = messages
  const brand = provider?.brand ?? noBrand
  const css = style(brand)
  const js = hasValues ? script : undefined
  const words = js && html` data-copy="${frame.copy}" data-copied="${frame.copied}" data-print="${frame.print}"`
  const { html: markup } = html`<!DOCTYPE html>
<html lang="${messages.code}" dir="${messages.direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title>${base(embeddable)}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon(brand))}"><style>${css}</style></head>
<body${words}><a class="skip" href="#main">${frame.skip}</a>
<header><div class="brand">${provider && name(provider)}</div>${menu(options)}</header>
<main id="main">
${main}</main>
<footer><span>${frame.footer}</span></footer>
${js && html`<script>${js}</script>`}</body></html>
`
  return { markup, policy: contentSecurityPolicy(css, js, { embeddable }) }
}

/** Why: a page within another website's opens its links and its form in the whole window. */
function base(embeddable: boolean): Html | undefined {
  return embeddable ? html`<base target="_top">` : undefined
}

function name({ name, brand: { logo } }: Named): Html {
  return logo === undefined ? html`<bdi>${name}</bdi>` : html`<img src="${logo}" alt="${name}">`
}

function menu({ messages, here }: Layout): Html {
  const { code: current, name, frame } = messages
  const links = languages.map(({ code, name, direction }) => {
    const mark = code === current ? html` aria-current="true"` : undefined
    return html`<li><a href="${here}${code}" target="_self" lang="${code}" hreflang="${code}" dir="${direction}"${mark}>${name}</a></li>`
  })
  return html`<nav aria-label="${frame.language}"><details class="lang"><summary><span class="skip">${frame.language}: </span>${name}</summary><ul>${links}</ul></details></nav>`
}
