/**
 * What is wrong with the TLS of a server.
 */
import type { X509Certificate } from 'node:crypto'
import { type FaultDetails, type FaultName, toFault } from '../faults.ts'
import type { Fault, TlsReport } from '../probe.ts'
import { isFor } from './tls-report.ts'

const soon = 14

/** @param details host and place of the server */
export function tlsFaults(
  report: TlsReport,
  certificate: X509Certificate,
  details: FaultDetails & { readonly host: string }
): Fault[] {
  const { daysLeft, notAfter, protocol, names } = report
  const found: Fault[] = []
  const add = (name: FaultName, more: FaultDetails = {}) => found.push(toFault(name, { ...details, ...more }))

  const date = notAfter.slice(0, 'yyyy-mm-dd'.length)
  const chain = chainFault(report.authorizationError)
  if (chain !== undefined) {
    add(chain, { date, issuer: topIssuer(certificate), reason: String(report.authorizationError) })
  }
  if (!isFor(certificate, details.host)) add('certificateName', { names: names.join(', ') || 'no name' })
  if (daysLeft >= 0 && daysLeft < soon) add('certificateExpiresSoon', { date, days: daysLeft })
  // Spec: RFC 8996 4 and 5.
  if (protocol === 'TLSv1' || protocol === 'TLSv1.1') add('tlsOutdated', { version: protocol })
  // Spec: RFC 9325 4.5.
  const bits = certificate.publicKey.asymmetricKeyDetails?.modulusLength
  if (bits !== undefined && bits < 2048) add('weakKey', { bits })
  return found
}

/** @returns the certificate that is missing at the end of the chain */
function topIssuer(certificate: X509Certificate): string {
  const above = certificate.issuerCertificate
  const isTop = above === undefined || above.fingerprint256 === certificate.fingerprint256
  return isTop ? certificate.issuer.split('\n').join(', ') : topIssuer(above)
}

function chainFault(code: string | undefined): FaultName | undefined {
  switch (code) {
    case undefined:
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return undefined
    case 'CERT_HAS_EXPIRED':
      return 'certificateExpired'
    case 'CERT_NOT_YET_VALID':
      return 'certificateNotYetValid'
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return 'certificateSelfSigned'
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
      return 'certificateChain'
    default:
      return 'certificateUntrusted'
  }
}
