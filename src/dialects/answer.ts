/**
 * A question and a table → an answer: what the server, the command line and the models of mail programs have in common.
 */
import { resolve } from '../settings/account.ts'
import type { Table } from '../settings/table.ts'
import type { Dialect, Question } from './dialect.ts'
import type { Document } from './document.ts'
import { writerOf } from './writer-of.ts'

export interface Answer {
  /** Undefined where nothing is served. */
  readonly document: Document | undefined
  /** The domain of the provider that was found, whether or not it speaks the dialect. */
  readonly domain: string | undefined
}

/** @param host the Host header as sent */
export function answer(dialect: Dialect, table: Table, question: Question, host: string | undefined): Answer {
  const { domain, address, personName, form, strict = false } = question
  const served = strict && domain === undefined ? undefined : resolve(table, { domain, host: strict ? domain : host })
  if (served === undefined) return { document: undefined, domain: undefined }
  const writer = writerOf(dialect, served.provider)
  return { document: writer?.({ ...served, address, personName, form, login: table.login }), domain: served.domain }
}
