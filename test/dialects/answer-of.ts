/**
 * What a dialect answers, asked without HTTP in the way that the server asks it.
 */
import type { Dialect, Inquiry } from '../../src/dialects/dialect.ts'
import { type Document, isDocument } from '../../src/dialects/document.ts'
import { writerOf } from '../../src/dialects/writer-of.ts'
import { resolve } from '../../src/settings/account.ts'
import type { Table } from '../../src/settings/table.ts'

export interface Request extends Partial<Inquiry> {
  readonly host?: string
}

/** @returns undefined where the server says 404 */
export function answerOf(dialect: Dialect, table: Table, request: Request): Document | undefined {
  const { method = 'GET', query = '', body, host } = request
  const question = dialect.ask({ method, query, body })
  if (isDocument(question)) return question
  const resolved = resolve(table, { domain: question.domain, host })
  const { address, personName } = question
  return resolved && writerOf(dialect, resolved.provider)?.({ ...resolved, address, personName })
}
