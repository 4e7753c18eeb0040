/**
 * HTML, written so that no text of anybody's becomes markup: HTML Living Standard, 13.3 "escaping a string".
 */
export interface Html {
  readonly html: string
}

/** Html stands as it is, text is escaped, undefined is nothing, a list is its parts one after the other. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[]

/**
 * A template of markup. Values stand in text or in attributes in double quotes; never in the name of a tag or an
 * attribute, and in no script or style.
 */
export function html(markup: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { html: markup.reduce((text, next, at) => text + toMarkup(parts[at - 1]) + next) }
}

/** @returns the text as HTML, in an element or in an attribute in quotes */
export function escapeHtml(text: string): string {
  if (!/[&<>"']/.test(text)) return text
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

function toMarkup(part: HtmlPart): string {
  if (part === undefined) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part))
  return 'html' in part ? part.html : part.map(toMarkup).join('')
}
