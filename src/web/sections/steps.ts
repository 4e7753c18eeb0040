/**
 * Steps one after the other, each one action.
 */
import { type Html, html } from '../../formats/html.ts'

export function steps(texts: readonly Html[]): Html {
  return html`<ol>${texts.map(text => html`<li>${text}</li>`)}</ol>`
}
