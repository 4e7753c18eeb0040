/**
 * The document type declaration of XML: XML 1.0 2.8. It is found with one search and one attempt, because a pattern that
 * may start anywhere needs quadratic time for `<!DOCTYPE<!DOCTYPE…`.
 */

/** @returns the text without its first document type; unchanged if that one contains declarations (an internal subset) */
export function withoutDoctype(text: string): string {
  const { start, end } = placeOf(text)
  return text.slice(0, start) + text.slice(end)
}

/** As `withoutDoctype`, but with spaces instead: everything after the document type keeps its line and column. */
export function blankDoctype(text: string): string {
  const { start, end } = placeOf(text)
  return text.slice(0, start) + text.slice(start, end).replace(/[^\n]/g, ' ') + text.slice(end)
}

/** @returns whether the text declares entities or has a document type with declarations */
export function hasDeclarations(text: string): boolean {
  return /<!ENTITY/i.test(text) || test(/<!DOCTYPE[^>[]*\[/iy, text, text.search(/<!DOCTYPE/i))
}

/** @returns an empty range if there is nothing to remove */
function placeOf(text: string): { readonly start: number; readonly end: number } {
  const start = text.search(/<!DOCTYPE/i)
  const whole = /<!DOCTYPE[^>[]*>/iy
  return test(whole, text, start) ? { start, end: whole.lastIndex } : { start: 0, end: 0 }
}

/** @param sticky is tried at that place alone; at -1 it does not match */
function test(sticky: RegExp, text: string, at: number): boolean {
  sticky.lastIndex = Math.max(at, 0)
  return at >= 0 && sticky.test(text)
}
