/**
 * One wire format that mail programs ask in. A dialect is pure: no clock, no random numbers, no input or output.
 */
import type { Account } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import type { Provider } from '../settings/provider.ts'
import type { Document } from './document.ts'

export type DialectName = keyof Provider['dialects']

/** What a dialect may know of a request. */
export interface Inquiry {
  readonly method: string
  /** Raw, as asked, with the query. */
  readonly url: string
  /** Raw, without the question mark. */
  readonly query: string
  readonly body: Buffer | undefined
}

/** Who is asked about; the host that was asked is added by the server. */
export interface Question {
  /** Of the address, as A-labels. */
  readonly domain: string | undefined
  readonly address?: Address
  /** The person's own name, for the From line. */
  readonly personName?: string
  /** Which of several documents that the dialect has for an account. */
  readonly form?: string
  /** The domain alone decides, whatever host was asked. */
  readonly strict?: boolean
}

/** A question with the provider that answers it. */
export interface Subject extends Account {
  readonly personName: string | undefined
  readonly form?: string | undefined
}

export type Writer = (subject: Subject) => Document

export type Method = 'GET' | 'POST' | 'PROPFIND'

export interface Dialect {
  readonly name: DialectName
  /** For people. */
  readonly title: string
  readonly routes: readonly { readonly method: Method; readonly path: string }[]
  /** Web pages of other origins may read the answer. */
  readonly crossOrigin: boolean
  /** The same question at its usual path, where plain http must be redirected to https; absent where http is answered. */
  readonly httpsPath?: (question: Question) => string
  /** What the settings' key signs, where there is one. */
  readonly isSigned?: boolean
  /** @returns the question, or a document that refuses it */
  readonly ask: (inquiry: Inquiry) => Question | Document
  /** The same with the address, in a dialect that needs it only where log-in names are looked up. */
  readonly askPersonally?: (inquiry: Inquiry) => Question | Document
  /** All writing that does not depend on the request. @returns undefined where the provider cannot be expressed */
  readonly compile: (provider: Provider) => Writer | undefined
  /** @returns why the provider cannot be expressed, where an administrator may wonder */
  readonly obstacle?: (provider: Provider) => string | undefined
}
