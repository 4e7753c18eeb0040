/**
 * Whether a domain may be asked about in the public DNS. Spec: the IANA registry of special-use domain names (RFC 6761).
 *
 * Why not .test and .example: RFC 6761 6.2 and 6.5 want programs to treat them like any other.
 */
const ownNames = ['alt', 'arpa', 'internal', 'invalid', 'local', 'localhost', 'onion']

/** @param domain as A-labels. @returns false where it is one label, or nobody's outside of a network or a machine */
export function isPublicName(domain: string): boolean {
  const dot = domain.lastIndexOf('.')
  return dot > 0 && !ownNames.includes(domain.slice(dot + 1))
}
