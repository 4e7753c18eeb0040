/**
 * The frame of every page of the console: navigation, style, script, and the policy that allows only these.
 */
import { type Document, document } from '../../dialects/document.ts'
import { type Html, html } from '../../formats/html.ts'
import { contentSecurityPolicy } from '../../web/frame/content-security-policy.ts'
import { icon } from '../../web/frame/layout.ts'
import { script } from './script.ts'
import { brand, consoleStyle } from './style.ts'

export interface ConsolePage {
  readonly title: string
  /** The path in the navigation that the page belongs to. */
  readonly path: PagePath
  readonly main: Html
  readonly status?: number
  /** Markup for the head. */
  readonly head?: Html | undefined
}

const links = [
  ['/', 'Overview'],
  ['/domains', 'Domains'],
  ['/check', 'Check from outside'],
  ['/trace', 'Trace'],
  ['/programs', 'Programs']
] as const

export type PagePath = (typeof links)[number][0]

const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  // Why connect-src: the script follows the progress of an examination.
  'content-security-policy': `${contentSecurityPolicy(consoleStyle, script, { embeddable: false })}; connect-src 'self'`,
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex'
} as const

export function consolePage({ title, path, main, status = 200, head }: ConsolePage): Document {
  const items = links.map(([url, text]) => {
    const current = url === path ? html` aria-current="page"` : undefined
    return html`<li><a href="${url}"${current}>${text}</a></li>`
  })
  const { html: markup } = html`<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} – Signpost</title>${head}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon(brand))}"><style>${consoleStyle}</style></head>
<body><a class="skip" href="#main">Skip to content</a>
<header><div class="brand">Signpost console</div><nav aria-label="Console"><ul>${items}</ul></nav></header>
<main id="main">
<h1>${title}</h1>
${main}</main>
<script>${script}</script></body></html>
`
  return document(status, pageHeaders, markup)
}

/** Spec: RFC 9110 15.4.4: the browser loads the location with GET. */
export function seeOther(location: string): Document {
  return document(303, { ...pageHeaders, location }, '')
}
