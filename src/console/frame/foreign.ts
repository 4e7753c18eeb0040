/**
 * Texts that somebody else's servers have sent, for a page. HTML does not make control characters and bidirectional overrides
 * harmless, and a text may be as long as a document.
 */
import { printableStart } from '../../settings/load/finding.ts'

const longest = 300

/** @returns the text, shortened and in printable characters. It is not escaped for HTML. */
export function foreign(text: string): string {
  return printableStart(text, longest)
}
