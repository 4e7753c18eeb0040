/**
 * QR codes, ISO/IEC 18004.
 */

/** Rows of modules with the quiet zone around them; true is dark. */
export type QrCode = readonly (readonly boolean[])[]

/** How much of the code may be lost: L 7 %, M 15 %. */
export type QrLevel = 'L' | 'M'

/** Spec: ISO/IEC 18004, "Quiet zone": four modules. */
const quietZone = 4

/** @param text ASCII: the code does not say which character set it is in, and readers guess */
export async function toQrCode(text: string, level: QrLevel): Promise<QrCode> {
  const { encode } = await import('uqr')
  return encode(text, { ecc: level, border: quietZone }).data
}
