/**
 * A QR code as the data of one SVG 2 path: a pen as wide as a module draws each run of dark modules.
 */
import type { QrCode } from './code.ts'

/** @returns moves from where the pen stands, which are half as long as places; empty for a code without dark modules */
export function qrPath(code: QrCode): string {
  let path = ''
  let x = 0
  let y = 0
  for (const [at, row] of code.entries()) {
    for (let start = row.indexOf(true); start >= 0; start = row.indexOf(true, x)) {
      const end = row.indexOf(false, start)
      // Why half a module down: a line is drawn to both sides of its place.
      path += path === '' ? `M${start} ${at}.5` : `m${start - x} ${at - y}`
      x = end < 0 ? row.length : end
      y = at
      path += `h${x - start}`
    }
  }
  return path
}
