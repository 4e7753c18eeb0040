/**
 * QR codes, ISO/IEC 18004: as modules, as SVG 2, and as text for a terminal.
 */
import { encodeQR } from 'qr'
import { escapeXml } from './xml.ts'

/** Rows of modules including the quiet zone. True is dark. */
export type QrCode = readonly (readonly boolean[])[]

/** How much of the code can be damaged: L 7 %, M 15 %. */
export type QrLevel = 'L' | 'M'

const levels = { L: 'low', M: 'medium' } as const

/** Spec: ISO/IEC 18004, "Quiet zone": four modules. */
const quietZone = 4

/**
 * @param text ASCII, because a code does not name its character set and readers guess
 * @returns the smallest code for the text, with the mask that has the lowest penalty
 */
export function toQrCode(text: string, level: QrLevel): QrCode {
  const code = encodeQR(text, 'raw', { ecc: levels[level], border: quietZone })
  forgetLastCode()
  return code
}

/**
 * Why: the encoder caches the modules of its last code and draws the next one faster if it has the same size. Without this
 * call, response times would reveal the length of the previous visitor's address. Drawing an empty code takes about 10 µs.
 */
function forgetLastCode(): void {
  encodeQR('', 'raw', { ecc: 'low', border: 1 })
}

/**
 * The data of one SVG path: a pen as wide as a module draws each run of dark modules.
 *
 * @returns relative moves, which are shorter than absolute ones; empty for a code without dark modules
 */
export function qrPath(code: QrCode): string {
  let path = ''
  let x = 0
  let y = 0
  for (const [at, row] of code.entries()) {
    for (let start = row.indexOf(true); start >= 0; start = row.indexOf(true, x)) {
      const end = row.indexOf(false, start)
      // Why: half a module is added because a line extends equally to both sides of its position.
      path += path === '' ? `M${start} ${at}.5` : `m${start - x} ${at - y}`
      x = end < 0 ? row.length : end
      y = at
      path += `h${x - start}`
    }
  }
  return path
}

/** In pixels, unless a style sets another size. */
const moduleWidth = 4

/**
 * The code as SVG, for a file or inside an HTML page. It is always dark on light, because many readers cannot read inverted
 * codes. Why: attributes set the colours, because the Content-Security-Policy of a page may forbid styles.
 *
 * @param title text for screen readers
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

/** Black on white from the 256 colours. Why: terminals can change the first 16 colours. */
const darkOnLight = '\u001b[38;5;16;48;5;231m'
const reset = '\u001b[0m'

/** The code as text: each line shows two rows of modules with the half blocks of Unicode. */
export function writeQrTerminal(code: QrCode): string {
  const lines: string[] = []
  for (let y = 0; y < code.length; y += 2) {
    const [upper = [], lower = []] = code.slice(y, y + 2)
    const blocks = upper.map((dark, x) => blockOf(dark, lower[x] === true))
    lines.push(`${darkOnLight}${blocks.join('')}${reset}\n`)
  }
  return lines.join('')
}

function blockOf(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀'
  return lower ? '▄' : ' '
}
