/**
 * XML without its document type. Why: web pages have one, and parsers of mail programs read on after it.
 */

/** @returns the text as it is where the document type has declarations of its own */
export function withoutDoctype(text: string): string {
  return text.replace(/<!DOCTYPE[^>[]*>/i, '')
}
