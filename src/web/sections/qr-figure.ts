/**
 * A QR code with the same data as text beside it.
 */
import { type Html, html } from '../../formats/html.ts'
import type { QrDrawing } from './qr-codes.ts'

export interface QrFigure {
  readonly heading: string
  /** Read out in place of the picture. */
  readonly alt: string
  /** What to do with it. */
  readonly text: Html
  /** Folds away what the code says. */
  readonly asText: string
}

/**
 * Dark on light whatever the page looks like: many readers do not read the reverse.
 * @param drawing in a template of the page, marks
 */
export function qrFigure({ heading, alt, text, asText }: QrFigure, { text: said, size, path }: QrDrawing): Html {
  return html`<figure><svg viewBox="0 0 ${size} ${size}" role="img" shape-rendering="crispEdges"><title>${alt}</title><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${path}"/></svg>
<figcaption><h3>${heading}</h3>${text}
<details><summary>${asText}</summary><p><code translate="no" dir="ltr">${said}</code></p></details></figcaption></figure>
`
}
