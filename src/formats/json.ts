/**
 * JSON, RFC 8259, as templates need it.
 */

/** @returns the text as the inside of a JSON string */
export function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
