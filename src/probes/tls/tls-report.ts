/**
 * What a TLS handshake tells of a server.
 */
import type { X509Certificate } from 'node:crypto'
import { checkServerIdentity, type TLSSocket } from 'node:tls'
import { printable } from '../../settings/load/finding.ts'
import type { TlsReport } from '../probe.ts'

export interface TlsReportOptions {
  readonly host: string
  /** Milliseconds since 1970. */
  readonly now: number
}

const day = 24 * 60 * 60 * 1000
/** Why: a stranger's certificate may hold thousands. */
const mostNames = 100

export function tlsReport(socket: TLSSocket, certificate: X509Certificate, { host, now }: TlsReportOptions): TlsReport {
  const { authorized, authorizationError } = socket
  const notAfter = certificate.validToDate
  const names = namesOf(certificate)
  const nameError = isFor(certificate, host) ? undefined : 'ERR_TLS_CERT_ALTNAME_INVALID'
  return {
    protocol: String(socket.getProtocol()),
    cipher: socket.getCipher().name,
    subject: oneLine(certificate.subject),
    names: names.slice(0, mostNames).map(printable),
    issuer: oneLine(certificate.issuer),
    notAfter: notAfter.toISOString(),
    daysLeft: Math.floor((notAfter.getTime() - now) / day),
    authorizationError: authorized ? nameError : String(authorizationError)
  }
}

/** Spec: RFC 9525 6.3 to 6.5; and 2: the common name, which node would take where there is nothing else, does not count. */
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
