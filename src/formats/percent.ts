/**
 * Percent-encoding: RFC 3986 2.1.
 */

/** @returns the text decoded, or undefined where the encoding is broken */
export function percentDecode(text: string): string | undefined {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
