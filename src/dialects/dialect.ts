/**
 * A dialect: one format in which mail programs request settings. Dialects are pure: they use no clock, no random numbers,
 * and no input or output.
 */

import type { Provider } from '../settings/provider.ts'
import type { Account } from '../settings/question/account.ts'
import type { Address } from '../settings/question/address.ts'
import type { Document } from './document.ts'

export type DialectName = keyof Provider['dialects']

/** The parts of an HTTP request that a dialect can use. */
export interface DialectRequest {
  readonly method: string
  /** As received, with the query. */
  readonly url: string
  /** As received, without the question mark. */
  readonly query: string
  readonly body: Buffer | undefined
}

/** What a request asks for. The server adds the host of the request. */
export interface Question {
  /** Domain of the address, as A-labels. */
  readonly domain: string | undefined
  readonly address?: Address
  /** The name of the person, for the From header. */
  readonly personName?: string
  /** The person has confirmed that the provider serves the domain, although nothing says so. */
  readonly isConfirmed?: boolean
  /** Selects one of several documents that the dialect has for an account. */
  readonly form?: string
  /** Whether only the domain counts and the host of the request is ignored. */
  readonly strict?: boolean
}

/** What a document is written from: the account that was found, and the details of the question. */
export interface WriterInput extends Account {
  readonly personName: string | undefined
  readonly isConfirmed?: boolean | undefined
  readonly form?: string | undefined
  /** A host of the table at which the client has reached this service, for dialects with `namesHost`. */
  readonly servedHost?: string | undefined
}

export type Writer = (input: WriterInput) => Document

export type Method = 'GET' | 'POST' | 'PROPFIND'

export interface Dialect {
  readonly name: DialectName
  /** Name for people. */
  readonly title: string
  readonly routes: readonly { readonly method: Method; readonly path: string }[]
  /** Whether every method gets the same answer, including OPTIONS unless it is a CORS preflight. Default: false. */
  readonly everyMethod?: boolean
  /** Whether web pages of other origins can read the response. */
  readonly crossOrigin: boolean
  /** Path of the same question on https, to which plain http is redirected. Without it, plain http is served. */
  readonly httpsPath?: (question: Question) => string
  /** @returns the redirect to another service that plain http gets instead; undefined if there is no other service */
  readonly plainRedirect?: (account: Account) => Document | undefined
  /** Whether the host of the request selects the document, so that a redirect to https keeps it. */
  readonly staysAtHost?: boolean
  /** Whether documents may contain the requested host. Default: false. */
  readonly namesHost?: boolean
  /** Values of `Question.form`. Default: there is one document for an account. */
  readonly forms?: readonly string[]
  /** Whether there is no document without a form. */
  readonly needsForm?: boolean
  /** @returns whether a document with a status below 400 is an error. Default: none is */
  readonly isError?: (document: Document) => boolean
  /** Whether the documents are signed if the settings contain a signing key. */
  readonly isSigned?: boolean
  /** @returns the question, or a document that explains what is wrong with the request */
  readonly ask: (request: DialectRequest) => Question | Document
  /** Prepares everything that does not depend on the request. @returns undefined if the dialect cannot express the provider */
  readonly compile: (provider: Provider) => Writer | undefined
  /** @returns why the dialect cannot express the provider, for administrators; undefined if it can */
  readonly unsupportedReason?: (provider: Provider) => string | undefined
}

// Why: weak references release the compiled writers of the old providers after a reload.
const writers = new WeakMap<Provider, Map<DialectName, Writer | undefined>>()

/** @returns the writer of a dialect for a provider, compiled on first use; undefined if the provider does not support it */
export function writerOf(dialect: Dialect, provider: Provider): Writer | undefined {
  const known = writers.get(provider) ?? new Map<DialectName, Writer | undefined>()
  if (known.size === 0) writers.set(provider, known)
  if (!known.has(dialect.name)) {
    known.set(dialect.name, provider.dialects[dialect.name] ? dialect.compile(provider) : undefined)
  }
  return known.get(dialect.name)
}
