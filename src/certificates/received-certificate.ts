/**
 * Whether what a certificate authority sent is the certificate that was ordered. Why: a certificate that no client accepts must not
 * replace one that works.
 */
import { AcmeProblem } from '../acme/problem.ts'
import type { Certificate } from '../keys/certificates.ts'
import { readStoredCertificate } from './storage/stored-certificate.ts'

export interface Expected {
  /** The host names that were ordered. */
  readonly names: readonly string[]
  /** The certificate in use. */
  readonly current: Pick<Certificate, 'notAfter'> | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * @param text the key and the chain, as they are stored
 * @throws AcmeProblem if the certificate is unusable, lacks a name, or has expired while the one in use has not
 */
export function readReceived(text: string, { names, current, now }: Expected): Certificate {
  const certificate = readStoredCertificate(text, undefined)
  if (certificate === undefined) throw unexpectedly('no usable certificate')
  const missing = names.filter(name => !certificate.names.includes(name))
  if (missing.length > 0) throw unexpectedly(`a certificate without ${missing.join(', ')}`)
  // Why not in general: without a certificate that is valid, it is more likely that the clock of this machine is wrong.
  if (current !== undefined && now <= current.notAfter && now > certificate.notAfter)
    throw unexpectedly('a certificate that has expired')
  return certificate
}

function unexpectedly(what: string): AcmeProblem {
  return new AcmeProblem('http', `the certificate authority sent ${what}`)
}
