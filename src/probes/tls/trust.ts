/**
 * What TLS with a server is made with: the authorities that are trusted, and everything that a server might still speak.
 */
import { createSecureContext, DEFAULT_CIPHERS, getCACertificates, type SecureContext } from 'node:tls'

const contexts = new Map<string, SecureContext>()

/**
 * @param ca PEM: authorities that are trusted besides the usual ones
 * @returns the same for the same. Why: to read all authorities takes longer than to speak with a server
 */
export function trust(ca = ''): SecureContext {
  const context = contexts.get(ca) ?? create(ca)
  contexts.set(ca, context)
  return context
}

function create(ca: string): SecureContext {
  return createSecureContext({
    ...(ca !== '' && { ca: [...getCACertificates(), ca] }),
    // Why: a server that speaks nothing newer is to be named, not to look as if it were down.
    minVersion: 'TLSv1',
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`
  })
}
