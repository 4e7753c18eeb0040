/**
 * The protocol of a mail server in a foreign document, even if its author wrote another word than the format defines.
 */
import type { SocketProtocol } from '../settings/provider.ts'
import type { Protocol, Security } from '../settings/schema.ts'
import { oneLine } from './import-log.ts'

export interface MailProtocol {
  readonly protocol: SocketProtocol
  /** What the word says about encryption. */
  readonly security?: Security | undefined
}

/** Without signs, in lower case. Spec: RFC 9051 (imap4rev2), RFC 3501 (imap4rev1), RFC 1869 (esmtp), RFC 6409 (submission). */
const names: Readonly<Record<SocketProtocol, readonly string[]>> = {
  imap: ['imap', 'imap4', 'imap4rev1', 'imap4rev2'],
  pop3: ['pop3', 'pop'],
  smtp: ['smtp', 'esmtp', 'submission', 'mailsubmission'],
  managesieve: ['managesieve', 'sieve']
}

/**
 * Spec: RFC 8314 7.3 and RFC 6186: the services with TLS from the first byte are imaps, pop3s and submissions. Why `tls` says
 * nothing: some people mean TLS from the first byte, and others STARTTLS.
 */
const endings: readonly (readonly [ending: string, security?: Security])[] = [
  [''],
  ['tls'],
  ['starttls', 'starttls'],
  ['s', 'tls'],
  ['ssl', 'tls']
]

const known = new Map<string, MailProtocol>(
  Object.entries(names).flatMap(([protocol, all]) =>
    all.flatMap(name =>
      endings.map(
        ([ending, security]) => [`${name}${ending}`, { protocol: protocol as SocketProtocol, security }] as const
      )
    )
  )
)

/** Why limited: the word is repeated in comments. */
const mostCharacters = 40

/** @param word such as `imap`, `IMAPS`, `pop-3` or `smtp/ssl`. @returns undefined if it does not name one protocol */
export function toMailProtocol(word: string): MailProtocol | undefined {
  return word.length > mostCharacters ? undefined : known.get(plainWord(word))
}

/** @returns the letters and digits of the word, in lower case: people write `SSL/TLS`, `SSL_TLS` and `ssl tls` */
export function plainWord(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** @returns a comment for readers of the table; undefined if the word is that of the format */
export function noteOfWord(word: string, { protocol }: { readonly protocol: Protocol }): string | undefined {
  if (word.toLowerCase() === protocol) return undefined
  return `The source has the type "${oneLine(word)}", which mail programs do not know. ${protocol} is an assumption.`
}
