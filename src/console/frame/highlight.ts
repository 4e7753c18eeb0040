/**
 * XML and JSON with marked names and values, and other text unchanged.
 */
import { type Html, html } from '../../formats/html.ts'

/** @param type the media type, such as `text/xml; charset=utf-8` */
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
