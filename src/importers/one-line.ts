/**
 * Text of a document as one line.
 */

/** @returns without white space around it, line breaks as spaces. Why not all white space: French has spaces of its own. */
export function oneLine(text: string): string {
  return text.trim().replace(/[ \t]*[\r\n]\s*/g, ' ')
}
