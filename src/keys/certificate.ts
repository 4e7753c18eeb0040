/**
 * One certificate of the https listener: its key, the names that it answers to, and the TLS that is spoken with it.
 */
import type { SecureContext, SecureContextOptions } from 'node:tls'
import { type Finding, printable } from '../settings/load/finding.ts'
import { toPattern } from '../settings/provider.ts'
import type { Settings } from '../settings/schema.ts'
import { type KeyFiles, type KeyPair, readKeyPair } from './key-pair.ts'

export type TlsSettings = NonNullable<NonNullable<Settings['http']>['tls']>

export interface Certificate extends KeyPair {
  /** `mail.example.com`, `*.example.com`, as A-labels; none of its common name (RFC 9525 6.3). */
  readonly names: readonly string[]
  readonly options: SecureContextOptions
  /** Made of the options. */
  readonly context: SecureContext
}

export interface ReadCertificate {
  /** Undefined where nobody could be answered with it; it need not be valid yet, or any more. */
  readonly certificate: Certificate | undefined
  readonly findings: readonly Finding[]
}

export interface CertificateOptions {
  /** What relative file names are relative to. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Of the certificate in the settings, from 0. */
  readonly index: number
  readonly minVersion: TlsSettings['minVersion']
}

/**
 * Why these: every program that knows TLS 1.2 at all (Windows 10, Android 5, iOS 9) speaks one of them, and each has forward
 * secrecy and authenticated encryption. They are Mozilla's intermediate list without DHE, in the same order.
 */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305'
].join(':')

export function readCertificate(files: KeyFiles, options: CertificateOptions): ReadCertificate {
  const { folder, now, index, minVersion = 'TLSv1.2' } = options
  const path = `http.tls.certificates[${index}]`
  const { pair, findings } = readKeyPair(files, {
    folder,
    now,
    path,
    severity: 'error',
    curves: ['prime256v1', 'secp384r1'],
    distrust: 'mail programs do not know: they refuse it'
  })
  if (pair === undefined) return { certificate: undefined, findings }
  const secure = toOptions(pair, minVersion)
  try {
    // Why not imported: see certificate-chain.ts.
    const context = process.getBuiltinModule('node:tls').createSecureContext(secure)
    return { certificate: { ...pair, names: namesOf(pair), options: secure, context }, findings }
  } catch (error) {
    const { reason = '' } = error as { reason?: string }
    const message = printable(`found a chain that cannot be used: ${reason}`)
    const finding = { severity: 'error', file: files.certificate, line: 1, column: 1, path, message } as const
    return { certificate: undefined, findings: [...findings, finding] }
  }
}

function toOptions({ chain, key }: KeyPair, minVersion: 'TLSv1.2' | 'TLSv1.3'): SecureContextOptions {
  const { SSL_OP_NO_RENEGOTIATION } = process.getBuiltinModule('node:crypto').constants
  return {
    cert: chain.map(String).join(''),
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
    minVersion,
    ciphers,
    // Why: one client could make a server compute new keys on the same connection again and again.
    secureOptions: SSL_OP_NO_RENEGOTIATION
  }
}

function namesOf({ chain: [leaf] }: KeyPair): string[] {
  const texts = leaf.subjectAltName?.matchAll(/(?:^|, )DNS:([^,"]+)/g) ?? []
  return [...texts].flatMap(([, text = '']) => toPattern(text) ?? [])
}
