/**
 * An answer of a dialect, before it becomes an HTTP response.
 */
import type { Filled } from '../formats/template.ts'

export interface Document<Body extends string | Buffer = string> {
  readonly status: number
  /** Small letters; with content-type and content-length. */
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Body
}

/** @returns a document with its length; a 204 has none (RFC 9110 8.6) */
export function document(status: number, headers: Readonly<Record<string, string>>, body: string | Filled): Document {
  const { text, bytes } = typeof body === 'string' ? { text: body, bytes: Buffer.byteLength(body) } : body
  const length = status === 204 ? {} : { 'content-length': bytes }
  return { status, headers: { ...headers, ...length }, body: text }
}

export function isDocument(answer: object): answer is Document {
  return 'status' in answer
}
