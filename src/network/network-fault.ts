/**
 * The reason why there was no response: a `WorldError` for the models of mail programs, and a finding for `doctor`.
 */
import { WorldError } from '../clients/model/world.ts'

export type FaultKind =
  /** There is no address in the DNS. */
  | 'no-host'
  /** The DNS itself failed. */
  | 'dns'
  /** Only addresses that are not public. */
  | 'private-address'
  /** Nothing listens on the port. */
  | 'refused'
  /** There was no response in time. */
  | 'timeout'
  | 'certificate'
  /** TLS failed before there was a certificate. */
  | 'tls'
  | 'too-large'
  /** The connection was closed, or the response is not HTTP. */
  | 'broken'
  | 'url'
  /** The total time was used up, so that nothing is known. */
  | 'no-time'

export class NetworkFault extends WorldError {
  readonly kind: FaultKind

  constructor(kind: FaultKind, message: string, cause?: unknown) {
    super(message, { cause })
    this.kind = kind
  }
}

export function noAnswer(timeoutMs: number): NetworkFault {
  return new NetworkFault('timeout', `no answer in ${timeoutMs / 1000} s`)
}

/** The total time is used up. */
export function noTimeLeft(): NetworkFault {
  return new NetworkFault('no-time', 'no time left')
}

/** @returns the error of the system as a fault */
export function toNetworkFault(error: unknown): NetworkFault {
  if (error instanceof NetworkFault) return error
  const { code = '', message = String(error) } = error as NodeJS.ErrnoException
  const [kind, text] = faults[code] ?? [code.startsWith('ERR_SSL') ? ('tls' as const) : ('broken' as const), message]
  return new NetworkFault(kind, text, error)
}

const faults: Readonly<Record<string, readonly [FaultKind, string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  EHOSTUNREACH: ['refused', 'no way to the host'],
  ENETUNREACH: ['refused', 'no way to the network'],
  EADDRNOTAVAIL: ['refused', 'no way to the host'],
  ETIMEDOUT: ['timeout', 'no answer'],
  ECONNRESET: ['broken', 'connection closed without an answer'],
  EPROTO: ['tls', 'no TLS']
}
