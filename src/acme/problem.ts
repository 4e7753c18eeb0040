/**
 * Why a certificate authority refuses something: a problem document (RFC 7807, RFC 8555 6.7), or an answer without one.
 */
import type { HttpResponse } from '../clients/model/world.ts'
import { asObject, parseObject } from '../json.ts'
import { printable } from '../settings/load/finding.ts'

export class AcmeProblem extends Error {
  /** Without the prefix: `rateLimited`, `badNonce`, …; `http` for an answer without a type, `account` for an account that is refused. */
  readonly type: string
  /** When the authority wants to be asked again, in milliseconds from now; undefined if it does not say. */
  readonly retryAfterMs: number | undefined

  constructor(type: string, message: string, retryAfterMs?: number) {
    super(message)
    this.type = type
    this.retryAfterMs = retryAfterMs
  }
}

/** @param error of the library: what it found in an answer, or what it could not read there */
export function unexpected({ message }: Error): AcmeProblem {
  return new AcmeProblem('http', shorten(`the certificate authority sends something unexpected: ${message}`))
}

const prefix = 'urn:ietf:params:acme:error:'

/** How many characters of an explanation are shown. */
const longestDetail = 300

/** @param now milliseconds since 1970 */
export function toProblem({ status, headers, body }: HttpResponse, now: number): AcmeProblem {
  const problem = parseObject(body)
  const retryAfterMs = retryAfter(headers['retry-after'], now)
  const { type, text } = describeProblem(problem)
  if (type === undefined) return new AcmeProblem('http', `the certificate authority answered ${status}`, retryAfterMs)
  return new AcmeProblem(type, text, retryAfterMs)
}

/** @param error the member `error` of an order or a challenge, or a problem document */
export function describeProblem(error: unknown): { readonly type: string | undefined; readonly text: string } {
  const { type, detail, subproblems } = asObject(error)
  if (typeof type !== 'string') return { type: undefined, text: 'no reason given' }
  const short = type.startsWith(prefix) ? type.slice(prefix.length) : type
  const [first] = Array.isArray(subproblems) ? subproblems : []
  const details = [detail, asObject(first).detail].filter(each => typeof each === 'string')
  return { type: short, text: shorten(`${details.join(': ')} (${short})`) }
}

/** @returns a text of the authority that is short and cannot control a terminal */
export function shorten(text: string): string {
  const shown = printable(text)
  return shown.length > longestDetail ? `${shown.slice(0, longestDetail)}…` : shown
}

/** Why a limit: a timer of Node.js and a plan of ours end sooner than any year that an authority may name. */
const longestWaitMs = 30 * 24 * 60 * 60 * 1000

/**
 * Spec: RFC 9110 10.2.3: seconds, or a date.
 * @param now milliseconds since 1970
 * @returns milliseconds, never negative; undefined if there is no valid value
 */
export function retryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d{1,10}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), longestWaitMs)
}
