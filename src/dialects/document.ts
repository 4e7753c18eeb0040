/**
 * The response of a dialect, before it is sent over HTTP.
 */
import type { Filled } from '../formats/template.ts'

export interface Document<Body extends string | Buffer = string> {
  readonly status: number
  /** Names in lower case, including content-type and content-length. */
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Body
  /** The code of the error that the document reports, for the metrics. */
  readonly code?: string
}

/** Adds content-length to a document, except to a 204 (RFC 9110 8.6). */
export function document(status: number, headers: Readonly<Record<string, string>>, body: string | Filled): Document {
  const { text, bytes } = typeof body === 'string' ? { text: body, bytes: Buffer.byteLength(body) } : body
  const length = status === 204 ? {} : { 'content-length': bytes }
  return { status, headers: { ...headers, ...length }, body: text }
}

export function isDocument(value: object): value is Document {
  return 'status' in value
}

/**
 * The response if there is nothing to serve: a real 404 with a short plain text.
 *
 * Why: mail programs mistake a 200, or an HTML or XML page, for settings and stop searching.
 */
export const notServed: Document = {
  ...document(
    404,
    {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff'
    },
    'Nothing is served here. [AC_NOT_FOUND]\n'
  ),
  code: 'AC_NOT_FOUND'
}
