/**
 * The certificates of the https listener: their keys, the names that they cover, and the TLS settings. The last good ones stay
 * in use.
 */
import { dirname } from 'node:path'
import type { SecureContext, SecureContextOptions } from 'node:tls'
import { type Finding, printable } from '../settings/load/finding.ts'
import { toPattern } from '../settings/provider.ts'
import type { Settings } from '../settings/schema.ts'
import { type KeyFiles, type KeyPair, readKeyPair, toPair } from './key-pair.ts'
import { createRenewal, type KeyRing, pairAt, type Renewal, renew } from './renewal.ts'

export interface Certificates extends Renewal {
  /**
   * @returns for each pair of the settings, in their order, the newest good certificate that is valid at the time, or else
   * the newest one; nothing for a pair that has never been good
   */
  certificatesAt(now: number): readonly Certificate[]
  /** The findings of the last reading. */
  readonly findings: readonly Finding[]
}

interface Slot {
  readonly files: KeyFiles
  readonly ring: KeyRing<Certificate>
}

/**
 * @param file the settings file: names in it are relative to its folder
 * @param settingsOf returns the current settings; without any, the certificates stay in use
 */
export function openCertificates(file: string, settingsOf: () => TlsSettings | undefined): Certificates {
  const folder = dirname(file)
  let slots: readonly Slot[] = []
  let findings: readonly Finding[] = []

  function readAll(all: readonly KeyFiles[]): void {
    // Why: the listener stays open until the service is restarted, and needs its certificates.
    if (all.length === 0) return
    const now = Date.now()
    const minVersion = settingsOf()?.minVersion
    const read = all.map((files, index) => readCertificate(files, { folder, now, index, minVersion }))
    findings = read.flatMap(each => each.findings)
    slots = all.map((files, index) => {
      const before = slots.find(slot => slot.files.certificate === files.certificate && slot.files.key === files.key)
      return { files, ring: renew(before?.ring ?? [], read[index]?.certificate, now) }
    })
  }

  return {
    ...createRenewal({ folder, filesOf: () => settingsOf()?.certificates ?? [], read: readAll }),
    // Why an expired certificate rather than none: mail programs then show what is wrong.
    certificatesAt: now => slots.flatMap(({ ring }) => pairAt(ring, now) ?? ring[0] ?? []),
    get findings() {
      return findings
    }
  }
}

export type TlsSettings = NonNullable<NonNullable<Settings['http']>['tls']>

export interface Certificate extends KeyPair {
  /** `mail.example.com`, `*.example.com`, as A-labels, without the common name (RFC 9525 6.3). */
  readonly names: readonly string[]
  readonly options: SecureContextOptions
  /** Created from the options. */
  readonly context: SecureContext
}

export interface ReadCertificate {
  /** Undefined if it is unusable. It may be expired or not valid yet. */
  readonly certificate: Certificate | undefined
  readonly findings: readonly Finding[]
}

export interface CertificateOptions {
  /** The folder for relative file names. */
  readonly folder: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** The position of the certificate in the settings, from 0. */
  readonly index: number
  readonly minVersion: TlsSettings['minVersion'] | undefined
}

/**
 * Why these: every program with TLS 1.2 (Windows 10, Android 5, iOS 9) supports one of them, and each has forward secrecy and
 * authenticated encryption. They are Mozilla's intermediate list without DHE, in the same order.
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
  try {
    return { certificate: withContext(pair, minVersion), findings }
  } catch (error) {
    const { reason = '' } = error as { reason?: string }
    const message = printable(`found a chain that cannot be used: ${reason}`)
    const finding = { severity: 'error', file: files.certificate, line: 1, column: 1, path, message } as const
    return { certificate: undefined, findings: [...findings, finding] }
  }
}

/**
 * @param options.chain the certificate, then those of its issuers without the root
 * @throws an error of OpenSSL if the chain cannot be used
 */
export function toCertificate({
  chain,
  key,
  minVersion = 'TLSv1.2'
}: Pick<KeyPair, 'chain' | 'key'> & Pick<CertificateOptions, 'minVersion'>): Certificate {
  return withContext(toPair(chain, key), minVersion)
}

function withContext(pair: KeyPair, minVersion: 'TLSv1.2' | 'TLSv1.3'): Certificate {
  const options = toOptions(pair, minVersion)
  // Why not imported: see certificate-chain.ts.
  const context = process.getBuiltinModule('node:tls').createSecureContext(options)
  return { ...pair, names: namesOf(pair), options, context }
}

function toOptions({ chain, key }: KeyPair, minVersion: 'TLSv1.2' | 'TLSv1.3'): SecureContextOptions {
  const { SSL_OP_NO_RENEGOTIATION } = process.getBuiltinModule('node:crypto').constants
  return {
    cert: chain.map(String).join(''),
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
    minVersion,
    ciphers,
    // Why: a client could make the server compute new keys on the same connection again and again.
    secureOptions: SSL_OP_NO_RENEGOTIATION
  }
}

function namesOf({ chain: [leaf] }: KeyPair): string[] {
  const texts = leaf.subjectAltName?.matchAll(/(?:^|, )DNS:([^,"]+)/g) ?? []
  return [...texts].flatMap(([, text = '']) => toPattern(text) ?? [])
}
