/**
 * What a TLS connection shows about the server, and why a mail program would refuse it: RFC 5280, RFC 6125.
 */
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'

export interface TlsDetails {
  /** `TLSv1.3` */
  readonly protocol: string
  readonly subject: string
  /** Host names and addresses that the certificate is for. */
  readonly names: readonly string[]
  readonly issuer: string
  /** Milliseconds since 1970. */
  readonly validFrom: number
  /** Milliseconds since 1970. */
  readonly validTo: number
  /** Subjects, from the server's own certificate up, as the server sent them and as they lead to the root. */
  readonly chain: readonly string[]
  /** Why mail programs would refuse it; undefined if they accept it. */
  readonly fault: CertificateFault | undefined
}

export type CertificateFault = 'expired' | 'not-yet-valid' | 'name' | 'self-signed' | 'incomplete' | 'untrusted'

/** @param socket after its handshake, which must not reject any certificate */
export function tlsDetails(socket: TLSSocket): TlsDetails {
  const certificate = socket.getPeerCertificate(true)
  const chain = chainOf(certificate)
  return {
    protocol: String(socket.getProtocol()),
    subject: nameOf(certificate.subject),
    names: namesOf(certificate),
    issuer: nameOf(certificate.issuer),
    validFrom: Date.parse(certificate.valid_from),
    validTo: Date.parse(certificate.valid_to),
    chain: chain.map(({ subject }) => nameOf(subject)),
    fault: socket.authorized ? undefined : faultOf(String(socket.authorizationError))
  }
}

function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = []
  let next: DetailedPeerCertificate | undefined = leaf
  // Why: a root is its own issuer.
  while (next?.subject !== undefined && !chain.includes(next)) {
    chain.push(next)
    next = next.issuerCertificate
  }
  return chain
}

function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  return String(name?.CN ?? '')
}

// Observed: Node.js 24 writes `DNS:a.example, IP Address:192.0.2.1`, and names with unusual characters as JSON strings.
function namesOf({ subjectaltname = '' }: DetailedPeerCertificate): string[] {
  return Array.from(subjectaltname.matchAll(/(?:DNS|IP Address):("(?:[^"\\]|\\.)*"|[^,]*)/g), ([, name = '']) => name)
}

function faultOf(code: string): CertificateFault {
  return faults[code] ?? 'untrusted'
}

// Spec: OpenSSL, X509_verify_cert_error_string, as Node.js names them.
const faults: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'incomplete'
}
