/**
 * A private key and its certificates out of PEM files (RFC 7468), and what is wrong with them.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { found, printable } from '../settings/fault.ts'
import type { Finding } from '../settings/finding.ts'
import type { Settings } from '../settings/schema.ts'
import { type CertificateChain, certificateChain } from './certificate-chain.ts'
import { readText } from './read-text.ts'

export interface SigningKey extends Pick<CertificateChain, 'chain'> {
  readonly key: KeyObject
  /** Whom devices show: the common name of the certificate. */
  readonly name: string
  /** Milliseconds since 1970, both inclusive: when every certificate of the chain is valid. */
  readonly notBefore: number
  readonly notAfter: number
}

export interface ReadSigningKey {
  /** Undefined where there is no such pair; it need not be valid yet, or any more. */
  readonly signingKey: SigningKey | undefined
  readonly findings: readonly Finding[]
}

export type SigningSettings = NonNullable<Settings['signing']>

/** @param folder what relative file names are relative to */
export function readSigningKey(settings: SigningSettings, folder: string, now: number): ReadSigningKey {
  const findings: Finding[] = []
  const tell = (name: 'certificate' | 'key', message: string, severity = severityOf(settings)) => {
    const file = resolve(folder, settings[name])
    findings.push({ severity, file, line: 1, column: 1, path: `signing.${name}`, message: printable(message) })
    return undefined
  }
  const certificates = readPem(resolve(folder, settings.certificate), toCertificates)
  const key = readPem(resolve(folder, settings.key), toKey)
  if (typeof certificates === 'string') tell('certificate', certificates)
  if (typeof key === 'string') tell('key', key)
  if (typeof certificates === 'string' || typeof key === 'string') return { signingKey: undefined, findings }

  const leaf = certificates.find(certificate => certificate.checkPrivateKey(key))
  if (leaf === undefined) {
    tell('key', `found a key that fits no certificate in ${resolve(folder, settings.certificate)}`)
    return { signingKey: undefined, findings }
  }
  const { chain, end, issuer } = certificateChain(leaf, certificates)
  const signingKey = {
    chain,
    key,
    name: nameOf(leaf),
    notBefore: Math.max(...chain.map(({ validFromDate }) => validFromDate.getTime())),
    notAfter: Math.min(...chain.map(({ validToDate }) => validToDate.getTime()))
  }
  const untimely = untimeliness(chain, now)
  if (untimely !== undefined) tell('certificate', untimely)
  if (end !== 'public') tell('certificate', endings[end](found(commonName(issuer))), 'warning')
  return { signingKey, findings }
}

/** Why: without a signature the profile is served all the same, unless it is required. */
function severityOf({ required }: SigningSettings): Finding['severity'] {
  return required === true ? 'error' : 'warning'
}

const endings = {
  open: (issuer: string) =>
    `found no certificate of ${issuer}, the issuer of the last one, expected all that the issuer handed out (fullchain.pem)`,
  // Observed: iOS shows a profile that it cannot verify in the same red as one that is not signed.
  private: (issuer: string) =>
    `found a chain that ends at ${issuer}, which devices do not know: they show "Not Verified" until somebody makes them trust it`
}

function untimeliness(chain: readonly X509Certificate[], now: number): string | undefined {
  for (const certificate of chain) {
    const { validFromDate, validToDate } = certificate
    const whose = `found the certificate of ${found(nameOf(certificate))}, which`
    if (validToDate.getTime() < now) return `${whose} expired on ${validToDate.toISOString()}`
    if (validFromDate.getTime() > now) return `${whose} is valid from ${validFromDate.toISOString()} only`
  }
  return undefined
}

/** @returns what was read, or in words why it could not be */
function readPem<Pem extends object>(file: string, read: (text: string) => Pem | string): Pem | string {
  const opened = readText(file)
  return 'reason' in opened ? opened.reason : read(opened.text)
}

function toCertificates(text: string): X509Certificate[] | string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g)
  if (blocks === null) return 'found no certificate in PEM, expected -----BEGIN CERTIFICATE-----'
  const certificates: X509Certificate[] = []
  for (const [index, block] of blocks.entries()) {
    try {
      certificates.push(new X509Certificate(block))
    } catch {
      return `found a certificate that is broken, the ${index + 1}. of ${blocks.length}`
    }
  }
  return certificates
}

const curve = 'prime256v1'
const leastBits = 2048

/** Why no message of node's: nothing that comes out of a key file is told. */
function toKey(text: string): KeyObject | string {
  if (/ENCRYPTED/.test(text)) return 'found a key with a passphrase, expected one without'
  const key = parseKey(text)
  if (key === undefined) return 'found no private key in PEM, expected -----BEGIN PRIVATE KEY-----'
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0, namedCurve = '' } = {} } = key
  const usable = (type === 'rsa' && modulusLength >= leastBits) || (type === 'ec' && namedCurve === curve)
  // Observed: the profiles that iOS verifies in practice are signed with these two.
  const kind = [type, namedCurve, modulusLength || ''].filter(Boolean).join(' ')
  return usable ? key : `found a key of type ${kind}, expected RSA of at least ${leastBits} bits, or EC on P-256`
}

function parseKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text)
  } catch {
    return undefined
  }
}

/** Observed: node says undefined for a subject that is empty, which Let's Encrypt's short-lived certificates have. */
function nameOf({ subject, subjectAltName }: Partial<X509Certificate>): string {
  return commonName(subject ?? subjectAltName ?? '')
}

/** @param text attributes, one a line. @returns the common name, or all of them where there is none */
function commonName(text: string): string {
  return /^CN=(.*)$/m.exec(text)?.[1] ?? text.replaceAll('\n', ', ')
}
