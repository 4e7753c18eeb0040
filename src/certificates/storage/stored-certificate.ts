/**
 * A certificate with its key as one PEM file, so that the two always belong together.
 */
import { createPrivateKey, hash, X509Certificate } from 'node:crypto'
import type { Obtained } from '../../acme/order.ts'
import { type Certificate, type TlsSettings, toCertificate } from '../../keys/certificates.ts'

/** @param key of a group. @returns the name of the file in the storage */
export const certificateFile = (key: string) => `${groupFolder}/${baseOf(key)}.pem`

/** @param key of a group. @returns the name of the file with the state of its certificate */
export const stateFile = (key: string) => `${groupFolder}/${baseOf(key)}.json`

export const groupFolder = 'groups'

/**
 * @param file the name of a file in `groupFolder`
 * @returns the key of the group whose certificate, or else state, this is; undefined for other files, and if the key is too long for the
 * name of a file: only the settings know such groups
 */
export function groupOfFile(file: string, kind: '.pem' | '.json'): string | undefined {
  const base = file.endsWith(kind) ? file.slice(0, -kind.length) : undefined
  return base === undefined || isDigest(base) ? undefined : base
}

/** The name of a file has at most 255 bytes, and a domain has at most 253. */
const longestBase = 255 - '.json'.length

function baseOf(key: string): string {
  return key.length > longestBase ? hash('sha256', key) : key
}

/** Why this is never a key: a label of a domain has at most 63 characters. */
function isDigest(base: string): boolean {
  return /^[0-9a-f]{64}$/.test(base)
}

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
