/**
 * Errors as HTTP responses: a short plain text with the code. Why: mail programs take a 200 or a page of HTML or XML for settings and
 * stop looking, and nothing that a stranger sent may come back.
 */
import { type Document, document } from '../dialects/document.ts'
import { errors, SignpostError } from '../errors.ts'

export function refusal(
  { status, code, message }: SignpostError,
  headers: Readonly<Record<string, string>> = {}
): Document {
  const plainText = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers
  }
  return { ...document(status, plainText, `${message} [${code}]\n`), code }
}

const comeAgain = refusal(errors.unavailable(), { 'retry-after': '5' })

/**
 * The answer while it is unknown which provider serves a domain.
 * @param error of `Source.find`. @throws every other error unchanged
 */
export function unavailable(error: unknown): Document {
  if (error instanceof SignpostError && error.code === 'AC_UNAVAILABLE') return comeAgain
  throw error
}
