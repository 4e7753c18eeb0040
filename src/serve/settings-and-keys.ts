/**
 * What `signpost serve` reads: the settings table, and the keys that it names.
 */
import { dirname } from 'node:path'
import { errors } from '../errors.ts'
import { type Certificates, openCertificates } from '../keys/certificates.ts'
import { openSigning, type Signing } from '../keys/signing.ts'
import { describe } from '../settings/load/finding.ts'
import type { Settings } from '../settings/schema.ts'
import { type FileSource, openFile } from '../sources/file.ts'
import { openFixed } from '../sources/fixed.ts'
import { readRedisPassword } from '../sources/redis-password.ts'

export interface Inputs {
  /** Of the settings, or what they are called where they come from elsewhere. */
  readonly file: string
  /** The settings, where they come from options and not from the file. */
  readonly text?: string | undefined
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  /** Reads the password for the Redis of `limits.rate`: it may change while the service runs. */
  readonly redisPassword: () => string | undefined
}

export interface InputOptions {
  /** The settings themselves: the file is not read. */
  readonly text?: string | undefined
  /** The text to be served where the file is broken. */
  readonly lastGood?: string | undefined
}

/**
 * @param file the settings
 * @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID
 */
export function openInputs(file: string, { text, lastGood }: InputOptions = {}): Inputs {
  const source = text === undefined ? openFile(file, lastGood) : openFixed(text, file)
  const signing = openSigning(file, () => source.table.settings.signing)
  const certificates = openCertificates(file, () => source.table.settings.http?.tls)
  requireAll(certificates, source.table.settings)
  const readPassword = () =>
    readRedisPassword(source.table.settings.limits?.rate ?? {}, { folder: dirname(file), env: process.env })
  const first = readPassword()
  if ('problem' in first) throw errors.settingsInvalid({ findings: `limits.rate.redisPasswordFile: ${first.problem}` })
  const redisPassword = () => {
    const read = readPassword()
    return 'password' in read ? read.password : undefined
  }
  return { file, text, source, signing, certificates, redisPassword }
}

/** Why only at the start: later the last good one stays in use. @throws AC_SETTINGS_INVALID */
function requireAll(certificates: Certificates, { http }: Settings): void {
  const wanted = http?.tls?.certificates.length ?? 0
  if (certificates.certificatesAt(Date.now()).length === wanted) return
  const hindrances = certificates.findings.filter(({ severity }) => severity === 'error')
  throw errors.settingsInvalid({ findings: hindrances.map(describe).join('\n') })
}
