/**
 * The fault that an error of a connection stands for.
 */
import { type FaultDetails, type FaultName, toFault } from './faults.ts'
import type { Fault } from './probe.ts'
import { Trouble } from './trouble.ts'

/** How far a probe has come. */
export type Stage = 'connection set-up' | 'TLS handshake' | 'greeting' | 'conversation' | 'log-in'

const byCode: Readonly<Record<string, FaultName>> = {
  ENOTFOUND: 'noAddress',
  ENODATA: 'noAddress',
  EAI_AGAIN: 'nameServerFails',
  ESERVFAIL: 'nameServerFails',
  ECONNREFUSED: 'connectionRefused',
  ETIMEDOUT: 'connectionFiltered',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ECONNRESET: 'closed',
  EPIPE: 'closed'
}

/** @param details of the server. @throws what is no error of a connection */
export function explain(error: unknown, stage: Stage, details: FaultDetails): Fault {
  if (error instanceof Trouble) {
    const isSilent = error.fault === 'noAnswer' && stage === 'connection set-up'
    return toFault(isSilent ? 'connectionFiltered' : error.fault, { ...details, ...error.details, stage })
  }
  if (!(error instanceof Error)) throw error
  const code = 'code' in error ? String(error.code) : ''
  if (stage === 'connection set-up') {
    return toFault(byCode[code] ?? 'notConnected', { ...details, stage, reason: error.message })
  }
  if (code === '') throw error
  return toFault(byCode[code] ?? 'tlsFailed', { ...details, stage, reason: reasonOf(error) })
}

/** OpenSSL's own words where it has some. */
function reasonOf(error: Error): string {
  return 'reason' in error ? String(error.reason) : error.message
}
