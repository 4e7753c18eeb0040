/**
 * QR codes as SVG 2, to stand in a file or inside of an HTML page.
 */

import { escapeXml } from '../xml.ts'
import type { QrCode } from './code.ts'
import { qrPath } from './path.ts'

/** In pixels, where no style says otherwise. */
const moduleWidth = 4

/**
 * Dark on light whatever the page looks like: many readers do not read the reverse. Why attributes: a page's
 * Content-Security-Policy may forbid styles.
 * @param title read out in place of the picture
 */
export function writeQrSvg(code: QrCode, title: string): string {
  const size = code.length
  const width = size * moduleWidth
  const box = `width="${width}" height="${width}" viewBox="0 0 ${size} ${size}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img" shape-rendering="crispEdges">
<title>${escapeXml(title)}</title>
<rect width="${size}" height="${size}" fill="#fff"/>
<path stroke="#000" d="${qrPath(code)}"/>
</svg>
`
}
