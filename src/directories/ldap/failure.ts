/**
 * What an error of the package ldapts means, by its result code.
 */
import { DirectoryFailure, toFailure } from '../directory-failure.ts'

/**
 * Spec: RFC 4511 appendix A: operations error, time limit, strong authentication required, referral, administrative limit,
 * confidentiality required, no such object (the base), inappropriate authentication, invalid credentials, insufficient
 * access rights, busy, unavailable.
 */
const unavailable = [1, 3, 8, 10, 11, 13, 32, 48, 49, 50, 51, 52]

export interface LdapFailureOptions {
  /** No question has been sent yet. */
  readonly isConnecting?: boolean
}

/** @param error of a search, or of connecting */
export function ldapFailure(error: unknown, { isConnecting = false }: LdapFailureOptions = {}): DirectoryFailure {
  const { code, name, message } = error as { readonly code?: unknown } & Error
  if (typeof code !== 'number') return toFailure(error, { isConnecting })
  const isRefusal = !isConnecting && !unavailable.includes(code)
  return new DirectoryFailure(`result-${code}`, { isRefusal, words: wordsOf(name, isConnecting ? message : '') })
}

/** Why: the library's errors have numbers that few people know, and often no text. */
function wordsOf(name: string, message: string): string {
  const said = message.replace(/Code: 0x[\da-f]+$/, '').trimEnd()
  return `the server answers ${name.replace(/Error$/, '')}${said && `: ${said}`}`
}
