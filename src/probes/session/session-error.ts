/**
 * Errors that end a session with a server early, and the faults that they stand for.
 */
import { type FaultDetails, type FaultName, toFault } from '../faults/faults.ts'
import type { Fault } from '../probe.ts'

export class SessionError extends Error {
  override readonly name = 'SessionError'
  readonly fault: FaultName
  /** Values for the message of the fault. */
  readonly details: Readonly<Record<string, string | number>>

  constructor(fault: FaultName, details: Readonly<Record<string, string | number>> = {}) {
    super(fault)
    this.fault = fault
    this.details = details
  }

  /** @returns the same error with changed texts in its details */
  with(change: (text: string) => string): SessionError {
    const details = Object.entries(this.details).map(([name, value]) => [name, change(String(value))])
    return new SessionError(this.fault, Object.fromEntries(details))
  }
}

/** @returns the error of a server that does not answer in time */
export const noAnswer = () => new SessionError('noAnswer')

/** The step of a session. */
export type Stage = 'connection set-up' | 'TLS handshake' | 'greeting' | 'conversation' | 'login'

const byCode: Readonly<Record<string, FaultName>> = {
  ENOTFOUND: 'noAddress',
  ENODATA: 'noAddress',
  EAI_AGAIN: 'nameServerFails',
  ESERVFAIL: 'nameServerFails',
  ECONNREFUSED: 'connectionRefused',
  ETIMEDOUT: 'connectionFiltered',
  EADDRNOTAVAIL: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'closed',
  EPIPE: 'closed'
}

/** By the `kind` of errors that state why there is no connection. */
const byKind: Readonly<Record<string, FaultName>> = {
  'no-host': 'noAddress',
  dns: 'nameServerFails',
  refused: 'connectionRefused',
  timeout: 'connectionFiltered',
  'no-time': 'noTime'
}

/**
 * @param details of the server
 * @returns the fault that an error of a connection stands for
 * @throws any other error unchanged
 */
export function toConnectionFault(error: unknown, stage: Stage, details: FaultDetails): Fault {
  if (error instanceof SessionError) {
    const isSilent = error.fault === 'noAnswer' && stage === 'connection set-up'
    return toFault(isSilent ? 'connectionFiltered' : error.fault, { ...details, ...error.details, stage })
  }
  if (!(error instanceof Error)) throw error
  const known = byCode[textOf(error, 'code')] ?? byCode[textOf(error.cause, 'code')]
  if (stage === 'connection set-up') {
    const name = known ?? byKind[textOf(error, 'kind')] ?? 'notConnected'
    return toFault(name, { ...details, stage, reason: error.message })
  }
  if (textOf(error, 'code') === '') throw error
  // Why: OpenSSL's own reasons are shorter.
  return toFault(known ?? 'tlsFailed', { ...details, stage, reason: textOf(error, 'reason') || error.message })
}

function textOf(error: unknown, property: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, property) : undefined
  return typeof value === 'string' ? value : ''
}
