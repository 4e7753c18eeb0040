/**
 * The fault that an error of a connection stands for.
 */
import { type FaultDetails, type FaultName, toFault } from './faults.ts'
import type { Fault } from './probe.ts'
import { Trouble } from './session/session-error.ts'

/** How far a probe has come. */
export type Stage = 'connection set-up' | 'TLS handshake' | 'greeting' | 'conversation' | 'log-in'

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

/** Of errors that know themselves why there is no connection. */
const byKind: Readonly<Record<string, FaultName>> = {
  'no-host': 'noAddress',
  dns: 'nameServerFails',
  refused: 'connectionRefused',
  timeout: 'connectionFiltered',
  'no-time': 'noTime'
}

/** @param details of the server. @throws what is no error of a connection */
export function explain(error: unknown, stage: Stage, details: FaultDetails): Fault {
  if (error instanceof Trouble) {
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
  // Why: OpenSSL has words of its own, which are shorter.
  return toFault(known ?? 'tlsFailed', { ...details, stage, reason: textOf(error, 'reason') || error.message })
}

function textOf(error: unknown, property: string): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, property) : undefined
  return typeof value === 'string' ? value : ''
}
