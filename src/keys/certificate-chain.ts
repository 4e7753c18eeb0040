/**
 * The certificates that a signature carries: the signer's and those between it and a root (RFC 5280 6.1, from below).
 */
import { X509Certificate } from 'node:crypto'

export interface CertificateChain {
  /** The signer's certificate first, without the root and without duplicates. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]]
  /**
   * public: below a root that browsers trust, or that NODE_EXTRA_CA_CERTS names; private: below any other root; open: an issuer
   * is missing.
   */
  readonly end: 'public' | 'private' | 'open'
  /** The subject that the issuer of the last certificate must have. */
  readonly issuer: string
}

/** @param others in any order; certificates that do not belong to the chain are left out */
export function certificateChain(leaf: X509Certificate, others: readonly X509Certificate[]): CertificateChain {
  // Why not imported: every command would load it, and it takes half as long as all our own modules.
  const { getCACertificates } = process.getBuiltinModule('node:tls')
  const roots = getCACertificates().map(pem => new X509Certificate(pem))
  const above: X509Certificate[] = []
  for (let top = leaf; ; ) {
    const result = { chain: [leaf, ...above], issuer: top.issuer } as const
    if (roots.some(root => issued(root, top))) return { ...result, end: 'public' }
    if (issued(top, top)) return { ...result, end: 'private' }
    const issuer = others.find(other => issued(other, top) && !above.some(each => each.raw.equals(other.raw)))
    if (issuer === undefined) return { ...result, end: 'open' }
    if (issued(issuer, issuer)) return { ...result, end: 'private' }
    above.push(issuer)
    top = issuer
  }
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return (
    issuer.subject === certificate.issuer && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  )
}
