/**
 * Texts that may be kept longer than the request they come from.
 */

/**
 * Why: V8 makes a part of a text (`slice`, `split`, `trim`, a match of a pattern) from 13 characters on a pointer into the
 * whole text, and joined texts (`+`, templates) pointers to their parts. A name of 20 characters that is kept as a key then
 * keeps a header of 16 kB in memory. Bytes have no such pointers, and UTF-16 is what every text is, even with half a pair
 * of surrogates in it; V8 stores the result with one byte a character where it can.
 * @returns the same text, in memory of its own
 */
export function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
