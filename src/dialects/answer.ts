/**
 * What a dialect answers to a question: what the server, the command line and the models of mail programs have in common.
 */
import type { Account } from '../settings/question/account.ts'
import { resolve, servedHost } from '../settings/question/resolution-order.ts'
import type { Table } from '../settings/table.ts'
import { type Dialect, type Question, writerOf } from './dialect.ts'
import type { Document } from './document.ts'

export interface Answer {
  /** Undefined where nothing is served. */
  readonly document: Document | undefined
  /** The domain of the provider that was found, whether or not it speaks the dialect. */
  readonly domain: string | undefined
}

/** @param host the Host header as sent */
export function answer(dialect: Dialect, table: Table, question: Question, host: string | undefined): Answer {
  const account = resolve(table, { ...question, host })
  return { document: account && write(dialect, account, { question, table, host }), domain: account?.domain }
}

export interface WriteOptions {
  readonly question: Question
  readonly table: Table
  /** The Host header as sent. */
  readonly host: string | undefined
}

/** @returns undefined where the provider does not speak the dialect */
export function write(
  dialect: Dialect,
  account: Account,
  { question, table, host }: WriteOptions
): Document | undefined {
  const { personName, isConfirmed, form } = question
  const writer = writerOf(dialect, account.provider)
  if (dialect.namesHost !== true) return writer?.({ ...account, personName, isConfirmed, form })
  return writer?.({ ...account, personName, isConfirmed, form, servedHost: servedHost(table, host, account.domain) })
}
