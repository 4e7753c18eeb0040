/**
 * The response of a dialect, which is called without HTTP as the server calls it.
 */
import { answer } from '../../../src/dialects/answer.ts'
import type { Dialect, DialectRequest } from '../../../src/dialects/dialect.ts'
import { type Document, isDocument } from '../../../src/dialects/document.ts'
import type { Table } from '../../../src/settings/table.ts'

export interface Request extends Partial<DialectRequest> {
  readonly host?: string
}

/** @returns undefined if the server responds with 404 */
export function answerOf(dialect: Dialect, table: Table, request: Request): Document | undefined {
  const { method = 'GET', url = '/', query = '', body, host } = request
  const question = dialect.ask({ method, url, query, body })
  return isDocument(question) ? question : answer(dialect, table, question, host).document
}
