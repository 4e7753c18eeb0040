/**
 * An HTTP request or response as text, with its bytes.
 */
import type { HttpRequest, HttpResponse } from '../../clients/model/world.ts'
import { type Html, html } from '../../formats/html.ts'
import { highlight } from './highlight.ts'

/** In characters. Why limited: a page has at most 60 kB. */
const longestBody = 8000

export function requestText({ method, url, headers, body = '' }: HttpRequest): Html {
  const { host, pathname, search } = new URL(url)
  const lines = [`${method} ${pathname}${search} HTTP/1.1`, `host: ${host}`, ...headerLines(headers)]
  return html`<pre tabindex="0">${lines.join('\n')}${bodyOf(body, headers['content-type'])}</pre>`
}

export function responseText({ status, headers, body }: HttpResponse): Html {
  const lines = [`HTTP/1.1 ${status}`, ...headerLines(headers)]
  return html`<pre tabindex="0">${lines.join('\n')}${bodyOf(body, headers['content-type'])}</pre>`
}

function headerLines(headers: Readonly<Record<string, string>>): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
}

function bodyOf(body: string, type = ''): Html | undefined {
  if (body === '') return undefined
  const rest = body.length - longestBody
  const more = rest > 0 ? html`\n… ${rest.toLocaleString('en')} more characters` : undefined
  return html`\n\n${highlight(body.slice(0, longestBody), type)}${more}`
}
