/**
 * A private key and its certificates from PEM files (RFC 7468), and what is wrong with them.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { resolve } from 'node:path'
import { type Finding, found, printable } from '../settings/load/finding.ts'
import { readText } from '../sources/read-file.ts'
import { type CertificateChain, certificateChain } from './certificate-chain.ts'

export interface KeyPair extends Pick<CertificateChain, 'chain'> {
  readonly key: KeyObject
  /** The name that programs show: the common name of the certificate. */
  readonly name: string
  /** Milliseconds since 1970, both inclusive: when every certificate of the chain is valid. */
  readonly notBefore: number
  readonly notAfter: number
}

/** Names of PEM files. */
export interface KeyFiles {
  readonly certificate: string
  readonly key: string
}

export interface KeyPairOptions {
  /** The folder for relative file names. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** The path of both files in the settings. */
  readonly path: string
  /** The severity of errors that make the pair unusable. */
  readonly severity: Finding['severity']
  /** The elliptic curves that keys may use. */
  readonly curves: readonly Curve[]
  /** The end of a sentence: what programs do that do not know the root. */
  readonly distrust: string
}

export interface ReadKeyPair {
  /** Undefined if it is unusable. It may be expired or not valid yet. */
  readonly pair: KeyPair | undefined
  readonly findings: readonly Finding[]
}

const curveNames = { prime256v1: 'P-256', secp384r1: 'P-384' } as const
type Curve = keyof typeof curveNames

const minBits = 2048

export function readKeyPair(files: KeyFiles, options: KeyPairOptions): ReadKeyPair {
  const { folder, now, path } = options
  const findings: Finding[] = []
  const add = (name: keyof KeyFiles, message: string, severity = options.severity) => {
    const file = resolve(folder, files[name])
    findings.push({ severity, file, line: 1, column: 1, path: `${path}.${name}`, message: printable(message) })
  }
  const certificates = readPem(resolve(folder, files.certificate), toCertificates)
  const key = readPem(resolve(folder, files.key), text => toKey(text, options))
  if (typeof certificates === 'string') add('certificate', certificates)
  if (typeof key === 'string') add('key', key)
  if (typeof certificates === 'string' || typeof key === 'string') return { pair: undefined, findings }

  const leaf = certificates.find(certificate => certificate.checkPrivateKey(key))
  if (leaf === undefined) {
    add('key', `found a key that fits no certificate in ${resolve(folder, files.certificate)}`)
    return { pair: undefined, findings }
  }
  const { chain, end, issuer } = certificateChain(leaf, certificates)
  const invalidity = invalidityOf(chain, now)
  if (invalidity !== undefined) add('certificate', invalidity)
  else {
    const expiry = expiryOf(chain, now)
    if (expiry !== undefined) add('certificate', expiry, 'warning')
  }
  if (end !== 'public') add('certificate', chainProblems[end](found(commonName(issuer)), options), 'warning')
  return { pair: toPair(chain, key), findings }
}

/** @param chain the certificate first */
export function toPair(chain: CertificateChain['chain'], key: KeyObject): KeyPair {
  return {
    chain,
    key,
    name: nameOf(chain[0]),
    notBefore: Math.max(...chain.map(({ validFromDate }) => validFromDate.getTime())),
    notAfter: Math.min(...chain.map(({ validToDate }) => validToDate.getTime()))
  }
}

const chainProblems = {
  open: (issuer: string) =>
    `found no certificate of ${issuer}, the issuer of the last one, expected the full chain (fullchain.pem)`,
  private: (issuer: string, { distrust }: KeyPairOptions) =>
    `found a chain that ends at ${issuer}, which ${distrust} until they are configured to trust it`
}

function invalidityOf(chain: readonly X509Certificate[], now: number): string | undefined {
  for (const certificate of chain) {
    const { validFromDate, validToDate } = certificate
    const whose = `found the certificate of ${found(nameOf(certificate))}, which`
    if (validToDate.getTime() < now) return `${whose} expired on ${validToDate.toISOString()}`
    if (validFromDate.getTime() > now) return `${whose} is valid from ${validFromDate.toISOString()} only`
  }
  return undefined
}

/** Why: certificates are usually renewed a month before they expire, and short-lived ones after two thirds of their lifetime. */
const renewalMs = 14 * 24 * 60 * 60 * 1000

function expiryOf(chain: readonly X509Certificate[], now: number): string | undefined {
  const late = chain.find(({ validFromDate, validToDate }) => {
    const life = validToDate.getTime() - validFromDate.getTime()
    return validToDate.getTime() - now < Math.min(renewalMs, life / 3)
  })
  if (late === undefined) return undefined
  return `found the certificate of ${found(nameOf(late))}, which expires on ${late.validToDate.toISOString()}, expected one that is renewed`
}

/** @returns the result of `read`, or in words why the file could not be read */
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
      return `found a broken certificate, number ${index + 1} of ${blocks.length}`
    }
  }
  return certificates
}

/** Why without the message of Node.js: nothing from a key file may appear in findings. */
function toKey(text: string, { curves }: KeyPairOptions): KeyObject | string {
  if (/ENCRYPTED/.test(text)) return 'found a key with a passphrase, expected one without'
  const key = parseKey(text)
  if (key === undefined) return 'found no private key in PEM, expected -----BEGIN PRIVATE KEY-----'
  const { asymmetricKeyType: type, asymmetricKeyDetails: { modulusLength = 0, namedCurve = '' } = {} } = key
  const fits = curves.some(curve => curve === namedCurve)
  if ((type === 'rsa' && modulusLength >= minBits) || (type === 'ec' && fits)) return key
  const kind = [type, namedCurve, modulusLength || ''].filter(Boolean).join(' ')
  const allowed = curves.map(curve => curveNames[curve]).join(' or ')
  return `found a key of type ${kind}, expected RSA of at least ${minBits} bits, or EC on ${allowed}`
}

function parseKey(text: string): KeyObject | undefined {
  try {
    return createPrivateKey(text)
  } catch {
    return undefined
  }
}

/** Observed: Node.js returns undefined for an empty subject, which Let's Encrypt's short-lived certificates have. */
function nameOf({ subject, subjectAltName }: Partial<X509Certificate>): string {
  return commonName(subject ?? subjectAltName ?? '')
}

/** @param text attributes, one per line. @returns the common name, or all attributes if there is none */
function commonName(text: string): string {
  return /^CN=(.*)$/m.exec(text)?.[1] ?? text.replaceAll('\n', ', ')
}
