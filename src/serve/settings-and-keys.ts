/**
 * What `signpost serve` reads: the settings table, and the key files that it names.
 */
import { dirname } from 'node:path'
import { errors } from '../errors.ts'
import { type Certificates, openCertificates } from '../keys/certificates.ts'
import { openSigning, type Signing } from '../keys/signing.ts'
import { describe } from '../settings/load/finding.ts'
import type { Settings } from '../settings/schema.ts'
import { type FileSource, openFile, type SettingsTexts } from '../sources/file.ts'
import { openFixed } from '../sources/fixed.ts'
import { readRedisPassword } from '../sources/redis-password.ts'

export interface SettingsAndKeys {
  /** The path of the settings file, or what errors call settings that come from elsewhere. */
  readonly file: string
  /** The text of the settings, if they come from options and not from the file. */
  readonly text?: string | undefined
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  /** Reads the password for the Redis of `limits.rate`: it may change while the service runs. */
  readonly redisPassword: () => string | undefined
}

export interface OpenOptions {
  /** The text of the settings; the file is then not read. */
  readonly text?: string | undefined
  /** The texts to use if a file is broken. */
  readonly lastGood?: SettingsTexts | undefined
}

/**
 * @param file the path of the settings file
 * @throws AC_SETTINGS_UNREADABLE, AC_SETTINGS_INVALID
 */
export function openSettingsAndKeys(file: string, { text, lastGood }: OpenOptions = {}): SettingsAndKeys {
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

/** Why only at the start: later, the last good certificate stays in use. @throws AC_SETTINGS_INVALID */
function requireAll(certificates: Certificates, { http }: Settings): void {
  const expected = http?.tls?.certificates?.length ?? 0
  if (certificates.certificatesAt(Date.now()).length === expected) return
  const errorFindings = certificates.findings.filter(({ severity }) => severity === 'error')
  throw errors.settingsInvalid({ findings: errorFindings.map(describe).join('\n') })
}
