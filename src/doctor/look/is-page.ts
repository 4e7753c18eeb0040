/**
 * Whether an answer is a page for people.
 */
import type { HttpResponse } from '../../clients/model/world.ts'

export function isPage({ status, headers, body }: HttpResponse): boolean {
  if (status !== 200) return false
  return /^text\/html/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype\s+html|html)\b/i.test(body)
}
