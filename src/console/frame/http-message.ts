/**
 * An HTTP request or response as text, with its bytes.
 */
import type { HttpRequest, HttpResponse } from '../../clients/model/world.ts'
import { type Html, html } from '../../formats/html.ts'

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

/**
 * XML and JSON with marked names and values, and other text unchanged.
 * @param type the media type, such as `text/xml; charset=utf-8`
 */
export function highlight(text: string, type: string): Html {
  if (type.includes('json'))
    return marked(text, /("[^"\\\n]*")(\s*:)?/g, ([, value = '', colon]) => {
      return colon === undefined ? html`<i>${value}</i>` : html`<b>${value}</b>${colon}`
    })
  if (type.includes('xml') || type.includes('mobileconfig') || type.includes('aspen')) {
    return marked(text, /(<[^<>\s]+)|("[^"<>\n]*")/g, ([, name, value]) =>
      name === undefined ? html`<i>${value}</i>` : html`<b>${name}</b>`
    )
  }
  return html`${text}`
}

/** @returns the text, with the matches of an expression replaced by markup */
function marked(text: string, expression: RegExp, markup: (match: RegExpExecArray) => Html): Html {
  let end = 0
  const parts = [...text.matchAll(expression)].map(match => {
    const before = text.slice(end, match.index)
    end = match.index + match[0].length
    return html`${before}${markup(match)}`
  })
  return html`${parts}${text.slice(end)}`
}
