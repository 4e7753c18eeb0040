/**
 * The result of a TLS handshake with a server, and what is wrong with it.
 */
import type { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
import { printable } from '../../settings/load/finding.ts'
import { type FaultDetails, type FaultName, toFault } from '../faults/faults.ts'
import type { Fault, TlsReport } from '../probe.ts'

export interface TlsReportOptions {
  readonly host: string
  /** Milliseconds since 1970. */
  readonly now: number
}

const day = 24 * 60 * 60 * 1000
/** Why there is a limit: a certificate may have thousands of names. */
const maxNames = 100

export function tlsReport(socket: TLSSocket, certificate: X509Certificate, { host, now }: TlsReportOptions): TlsReport {
  const { authorized, authorizationError } = socket
  const notAfter = certificate.validToDate
  const names = namesOf(certificate)
  const nameError = isFor(certificate, host) ? undefined : 'ERR_TLS_CERT_ALTNAME_INVALID'
  return {
    protocol: String(socket.getProtocol()),
    cipher: socket.getCipher().name,
    subject: oneLine(certificate.subject),
    names: names.slice(0, maxNames).map(printable),
    issuer: oneLine(certificate.issuer),
    notAfter: notAfter.toISOString(),
    daysLeft: Math.floor((notAfter.getTime() - now) / day),
    authorizationError: authorized ? nameError : String(authorizationError)
  }
}

/** Spec: the common name, which Node.js would use if there is nothing else, does not count (RFC 9525 2, 6.3 to 6.5). */
export function isFor(certificate: X509Certificate, host: string): boolean {
  return namesOf(certificate).length > 0 && checkServerIdentity(host, certificate.toLegacyObject()) === undefined
}

function namesOf({ subjectAltName = '' }: X509Certificate): string[] {
  const matches = subjectAltName.matchAll(/(?:^|, )(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g)
  return [...matches].map(([, name = '']) => name)
}

function oneLine(name: string): string {
  return printable(name.split('\n').join(', '))
}

/** A certificate that expires within this number of days is reported. */
const soonDays = 14

/** @param details host and port of the server */
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
  if (daysLeft >= 0 && daysLeft < soonDays) add('certificateExpiresSoon', { date, days: daysLeft })
  // Spec: TLS 1.0 and 1.1 must not be used (RFC 8996 4, 5).
  if (protocol === 'TLSv1' || protocol === 'TLSv1.1') add('tlsOutdated', { version: protocol })
  // Spec: RSA keys must have at least 2048 bits (RFC 9325 4.5).
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
