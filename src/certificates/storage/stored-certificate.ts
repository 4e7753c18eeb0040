/**
 * A certificate with its key as one PEM file, so that the two always belong together.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Obtained } from '../../acme/order.ts'
import { type Certificate, type TlsSettings, toCertificate } from '../../keys/certificates.ts'

/** @param key of a group. @returns the name of the file in the storage */
export const certificateFile = (key: string) => `${groupFolder}/${key}.pem`

/** @param key of a group. @returns the name of the file with the state of its certificate */
export const stateFile = (key: string) => `${groupFolder}/${key}.json`

export const groupFolder = 'groups'

/** @returns the text of the file */
export function writeCertificate({ chain, key }: Obtained): string {
  return `${key.trim()}\n${chain.trim()}\n`
}

/**
 * @param text the key first, then the certificate and those of its issuers
 * @returns undefined if the text is not such a file, or the key does not belong to the certificate
 */
export function readStoredCertificate(
  text: string,
  minVersion: TlsSettings['minVersion'] | undefined
): Certificate | undefined {
  try {
    const key = createPrivateKey(text)
    const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
    const [leaf, ...others] = blocks.map(block => new X509Certificate(block))
    if (leaf === undefined || !leaf.checkPrivateKey(key)) return undefined
    return toCertificate({ chain: [leaf, ...others], key, minVersion })
  } catch {
    return undefined
  }
}
