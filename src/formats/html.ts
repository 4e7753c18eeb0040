/**
 * HTML templates that escape all values, so that no text becomes markup: HTML Living Standard, 13.3 "escaping a string".
 */
export interface Html {
  readonly html: string
}

/** Html is inserted unchanged, text is escaped, undefined is nothing, and the parts of a list follow each other. */
export type HtmlPart = Html | string | number | undefined | readonly HtmlPart[]

/**
 * Tag for templates of markup. Values can be in text or in attributes with double quotes, but not in the name of a tag or an
 * attribute, nor in scripts or styles.
 */
export function html(markup: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { html: markup.reduce((text, next, at) => text + toMarkup(parts[at - 1]) + next) }
}

/** @returns the text escaped for elements and for attributes in quotes */
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
