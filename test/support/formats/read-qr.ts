/**
 * The content of a QR code, read by jsQR, which is independent of the library that writes it.
 */
import { stripVTControlCharacters } from 'node:util'
import jsqr from 'jsqr'
import type { QrCode } from '../../../src/formats/qr.ts'

/** Pixels per module. */
const scale = 3

/** @returns the content of a dark code on a light background; undefined if none is found */
export function readQr(code: QrCode): string | undefined {
  const width = code.length * scale
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255)
  code.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) paint(pixels, width, x * scale, y * scale)
    })
  })
  return jsqr.default(pixels, width, width, { inversionAttempts: 'dontInvert' })?.data
}

function paint(pixels: Uint8ClampedArray, width: number, left: number, top: number): void {
  for (let y = top; y < top + scale; y++) {
    const start = (y * width + left) * 4
    for (let channel = start; channel < start + scale * 4; channel++) if (channel % 4 < 3) pixels[channel] = 0
  }
}

/** @returns the modules of an SVG picture whose lines are as wide as a module */
export function modulesOfSvg(svg: string): QrCode {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1])
  const code = Array.from({ length: size }, () => Array.from({ length: size }, () => false))
  const [, path = ''] = / d="([^"]*)"/.exec(svg) ?? []
  const line = /[Mm](-?\d+) (\d+)(?:\.5)?h(\d+)/g
  let [pen, row] = [0, 0]
  for (const [, right, down, width] of path.matchAll(line)) {
    const start = pen + Number(right)
    row += Number(down)
    pen = start + Number(width)
    code[row]?.fill(true, start, pen)
  }
  return path.replace(line, '') === '' ? code : []
}

/** @returns the modules of a code in half blocks of any colours */
export function modulesOfBlocks(text: string): QrCode {
  const lines = stripVTControlCharacters(text.trimEnd()).split('\n')
  const rows = lines.flatMap(line => [
    [...line].map(block => block === '▀' || block === '█'),
    [...line].map(block => block === '▄' || block === '█')
  ])
  // Why: a code is square, so its last line is half empty.
  return rows.slice(0, rows[0]?.length)
}
