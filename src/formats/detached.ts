/**
 * Copies of texts, for texts that are kept longer than the request they come from.
 */

/**
 * Why: in V8, a part of a text (`slice`, `split`, `trim`, a match of a pattern) of 13 or more characters is a pointer into
 * the whole text, and joined texts (`+`, templates) are pointers to their parts. A name of 20 characters that is kept as a
 * key then keeps a header of 16 kB in memory. Buffers have no such pointers, and UTF-16 preserves all texts, even with lone
 * surrogates. V8 stores the result with one byte for each character if possible.
 * @returns the same text as an independent copy
 */
export function detached(text: string): string {
  return Buffer.from(text, 'utf16le').toString('utf16le')
}
