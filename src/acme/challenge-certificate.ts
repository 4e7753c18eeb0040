/**
 * The certificate that answers a challenge over TLS: RFC 8737 3.
 */
import type { Authorization } from 'acme-client'
import { newKey } from './new-key.ts'
import type { Challenge, Obtained } from './order.ts'

/** Why the library is loaded here: most services need no certificates from it. */
export async function createChallengeCertificate({
  name,
  keyAuthorization
}: Pick<Challenge, 'name' | 'keyAuthorization'>): Promise<Obtained> {
  const { crypto } = await import('acme-client')
  const key = newKey()
  // Why a cast: the library reads nothing else of the authorization.
  const authorization = { identifier: { type: 'dns', value: name } } as Authorization
  const [, certificate] = await crypto.createAlpnCertificate(authorization, keyAuthorization, key)
  return { chain: String(certificate), key }
}
