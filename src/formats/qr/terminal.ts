/**
 * QR codes as text for a terminal: two rows of modules a line, drawn with the half blocks of Unicode.
 */
import type { QrCode } from './code.ts'

/** Black on white of the 256 colours. Why not of the first 16: those are the terminal's to choose. */
const darkOnLight = '\u001b[38;5;16;48;5;231m'
const reset = '\u001b[0m'

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
