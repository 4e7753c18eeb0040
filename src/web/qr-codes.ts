/**
 * The QR codes of one person, drawn once: to find the best pattern for one costs more than all else about a page.
 */
import { appleQr } from '../dialects/apple-qr.ts'
import type { QrPayload, QrSubject } from '../dialects/qr-payload.ts'
import { thunderbirdQr } from '../dialects/thunderbird-qr.ts'
import { type QrLevel, toQrCode } from '../formats/qr-code.ts'
import { qrPath } from '../formats/qr-path.ts'
import type { Provider } from '../settings/provider.ts'

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

/** For how many they are kept, about 8 kB each: people load their page a few times, and strangers ask for any address. */
const mostKept = 500

const kept = new Map<string, QrCodes & { readonly provider: Provider }>()

/** @param origin where this service is reached, if not at autoconfig.<domain> */
export async function qrCodes(subject: QrSubject, origin: string | undefined): Promise<QrCodes> {
  const { provider, domain, address } = subject
  const key = `${origin} ${domain} ${address.text}`
  const known = kept.get(key)
  // Why compared: a reloaded table may say something else of the same address.
  if (known?.provider === provider) return known
  const drawn = {
    provider,
    apple: await drawing(appleQr(subject, origin), 'M'),
    // Why L: as Thunderbird's own writer does; a level higher makes a code that is harder to scan from a screen.
    thunderbird: await drawing(thunderbirdQr(subject), 'L')
  }
  kept.delete(key)
  // Why from the front: a map keeps the order in which entries came, so the oldest is there.
  for (const oldest of kept.keys()) {
    if (kept.size < mostKept) break
    kept.delete(oldest)
  }
  kept.set(key, drawn)
  return drawn
}

async function drawing(written: QrPayload, level: QrLevel): Promise<QrDrawing | undefined> {
  if ('reason' in written) return undefined
  const code = await toQrCode(written.payload, level)
  return { text: written.payload, size: String(code.length), path: qrPath(code) }
}
