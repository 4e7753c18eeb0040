/**
 * The certificates that a signature carries: the signer's and those between it and a root (RFC 5280 6.1, from below).
 */
import { X509Certificate } from 'node:crypto'

export interface CertificateChain {
  /** The signer's first; no root, and none twice. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]]
  /**
   * public: below a root that browsers know, or that NODE_EXTRA_CA_CERTS names; private: below a root of somebody's own; open: an issuer is missing.
   */
  readonly end: 'public' | 'private' | 'open'
  /** Whose certificate the last one's issuer would have to be. */
  readonly issuer: string
}

/** @param others in any order; those that do not belong to the chain are left out */
export function certificateChain(leaf: X509Certificate, others: readonly X509Certificate[]): CertificateChain {
  // Why not imported: every command would load it, and it takes as long as half of ours.
  const { getCACertificates } = process.getBuiltinModule('node:tls')
  const roots = getCACertificates().map(pem => new X509Certificate(pem))
  const above: X509Certificate[] = []
  for (let top = leaf; ; ) {
    const told = { chain: [leaf, ...above], issuer: top.issuer } as const
    if (roots.some(root => issued(root, top))) return { ...told, end: 'public' }
    if (issued(top, top)) return { ...told, end: 'private' }
    const issuer = others.find(other => issued(other, top) && !above.some(each => each.raw.equals(other.raw)))
    if (issuer === undefined) return { ...told, end: 'open' }
    if (issued(issuer, issuer)) return { ...told, end: 'private' }
    above.push(issuer)
    top = issuer
  }
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return (
    issuer.subject === certificate.issuer && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  )
}
