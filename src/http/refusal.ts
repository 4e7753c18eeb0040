/**
 * Errors as HTTP answers: a short plain text. Why: mail programs take a 200 or a page of HTML or XML for settings and
 * stop looking, and nothing that a stranger sent may come back.
 */
import { type Document, document } from '../dialects/document.ts'
import type { SignpostError } from '../errors.ts'

export function refusal({ status, message }: SignpostError, headers: Readonly<Record<string, string>> = {}): Document {
  return document(
    status,
    {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers
    },
    `${message}\n`
  )
}
