/**
 * A value that is typed into a program, letter by letter.
 */
import { type Html, html } from '../../formats/html.ts'

/** Why not translated and always from left to right: it is no word of any language. */
export function value(text: string | number): Html {
  return html`<code translate="no" dir="ltr">${text}</code>`
}

/** @param words what stands in place of a value that is not known */
export function placeholder(words: string): Html {
  return html`<i>${words}</i>`
}
