/**
 * Text of a document as one line.
 */

/** @returns each line without white space around it, joined by spaces; white space inside a line is kept */
export function oneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map(line => line.trim())
  return lines.filter(Boolean).join(' ')
}
