/**
 * A page that is sent many times, in bytes. Why: a text of this length is copied three times on its way out of node, and
 * each time there is a new one; bytes are not copied at all.
 */
import type { Document } from '../../dialects/document.ts'

/** @param page one character a byte, as templates of pages have it */
export function inBytes(page: Document): Document<Buffer> {
  return { ...page, body: Buffer.from(page.body, 'latin1') }
}
