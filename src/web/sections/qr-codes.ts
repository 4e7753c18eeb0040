/**
 * The QR codes of one person.
 */
import { appleQr, type QrInput, type QrPayload, thunderbirdQr } from '../../dialects/qr-payload.ts'
import { type QrLevel, qrPath, toQrCode } from '../../formats/qr.ts'

/** What a code says, and how it is drawn: modules on a side with the quiet zone, and the path of the dark ones. */
export interface QrDrawing {
  readonly text: string
  readonly size: string
  readonly path: string
}

export interface QrCodes {
  readonly apple: QrDrawing | undefined
  readonly thunderbird: QrDrawing | undefined
}

/** @param origin where this service is reached, if not at autoconfig.<domain> */
export function qrCodes(subject: QrInput, origin: string | undefined): QrCodes {
  return {
    apple: drawing(appleQr(subject, origin), 'M'),
    // Why L: as Thunderbird's own writer does; a level higher makes a code that is harder to scan from a screen.
    thunderbird: drawing(thunderbirdQr(subject), 'L')
  }
}

function drawing(written: QrPayload, level: QrLevel): QrDrawing | undefined {
  if ('reason' in written) return undefined
  const code = toQrCode(written.payload, level)
  return { text: written.payload, size: String(code.length), path: qrPath(code) }
}
