/**
 * Texts of foreign servers, made safe for a page. Escaping for HTML does not remove control characters and bidirectional overrides,
 * and a text may be as long as a document.
 */
import { printableStart } from '../../settings/load/finding.ts'

const longest = 300

/** @returns the text, shortened and in printable characters. It is not escaped for HTML. */
export function foreign(text: string): string {
  return printableStart(text, longest)
}
