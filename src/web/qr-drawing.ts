/**
 * QR codes drawn once: to find the best pattern for one costs more than all else about a page.
 */
import { type QrLevel, toQrCode } from '../formats/qr-code.ts'
import { qrPath } from '../formats/qr-path.ts'

export interface QrDrawing {
  /** Modules on a side, with the quiet zone. */
  readonly size: string
  readonly path: string
}

/** How many are kept, of about 4 kB each: people load their page a few times, and strangers ask for any address. */
const mostKept = 1000

const kept = new Map<string, QrDrawing>()

/** @param payload ASCII */
export async function qrDrawing(payload: string, level: QrLevel): Promise<QrDrawing> {
  const key = `${level}${payload}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const code = await toQrCode(payload, level)
  const drawing = { size: String(code.length), path: qrPath(code) }
  // Why from the front: a map keeps the order in which entries came, so the oldest is there.
  for (const oldest of kept.keys()) {
    if (kept.size < mostKept) break
    kept.delete(oldest)
  }
  kept.set(key, drawing)
  return drawing
}
