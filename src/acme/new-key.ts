/**
 * Private keys for accounts, certificates and challenges.
 */
import { generateKeyPairSync } from 'node:crypto'

/** @returns PEM (PKCS #8). Why on P-256: it is small and fast, and all mail programs and authorities accept it */
export function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  return String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
}
