/**
 * QR codes, ISO/IEC 18004.
 */
import { encodeQR } from 'qr'

/** Rows of modules with the quiet zone around them; true is dark. */
export type QrCode = readonly (readonly boolean[])[]

/** How much of the code may be lost: L 7 %, M 15 %. */
export type QrLevel = 'L' | 'M'

const levels = { L: 'low', M: 'medium' } as const

/** Spec: ISO/IEC 18004, "Quiet zone": four modules. */
const quietZone = 4

/**
 * @param text ASCII: the code does not say which character set it is in, and readers guess
 * @returns the smallest code that holds the text, in the mask with the lowest penalty
 */
export function toQrCode(text: string, level: QrLevel): QrCode {
  const code = encodeQR(text, 'raw', { ecc: levels[level], border: quietZone })
  forgetLastCode()
  return code
}

/**
 * Why: the encoder keeps the modules of its last code, and draws the next one faster if it has the same size. Without this
 * call the time a page takes would tell how long the previous visitor's address was. Drawing an empty code takes about 10 µs.
 */
function forgetLastCode(): void {
  encodeQR('', 'raw', { ecc: 'low', border: 1 })
}
