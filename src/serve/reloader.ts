/**
 * Everything that is read again while the service runs: the settings, and the keys that they name. Tells the log.
 */
import type { Logger } from 'pino'
import type { Certificates } from '../keys/certificates.ts'
import type { Signing } from '../keys/signing.ts'
import { describe, type Finding } from '../settings/load/finding.ts'
import type { FileSource } from '../sources/file.ts'

export interface Reloader {
  /** Reads everything again. @returns what was found */
  reload(): readonly Finding[]
  /** Tells the log what has been found so far, and reads again by itself whatever changes. */
  watch(): void
  close(): void
  /** How often something was read again, by what came of it. */
  readonly counts: Readonly<Record<'ok' | 'failed', number>>
  /** When the table that is in use was read: milliseconds since 1970. */
  readonly loadedAt: number
}

export interface Reloaded {
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  readonly logger: Logger
  /** Has what was kept of a directory asked for again. */
  readonly invalidate: () => void
  /** Called after everything, or whatever has changed, has been read again. */
  readonly reread?: (what: 'everything' | 'changes') => void
}

export function createReloader(reloaded: Reloaded): Reloader {
  const { source, signing, certificates, logger, invalidate, reread = () => undefined } = reloaded
  const counts = { ok: 0, failed: 0 }
  const keys = [
    { files: signing, tell: tellSigning },
    { files: certificates, tell: tellCertificates }
  ]
  let loadedAt = Date.now()

  function report(findings: readonly Finding[]): void {
    for (const finding of findings) logger[finding.severity === 'error' ? 'error' : 'warn'](describe(finding))
  }

  function tellSettings(): void {
    report(source.findings)
    if (isBroken(source.findings)) {
      logger.error('settings not reloaded: the last good table stays in use')
      return
    }
    loadedAt = Date.now()
    logger.info({ providers: source.table.providers.length }, 'settings reloaded')
  }

  function tellSigning(): void {
    report(signing.findings)
    const key = signing.keyAt(Date.now())
    if (key !== undefined) logger.info({ by: key.name, until: new Date(key.notAfter) }, 'profiles are signed')
  }

  function tellCertificates(): void {
    report(certificates.findings)
    for (const { names, notAfter } of certificates.certificatesAt(Date.now())) {
      logger.info({ names, until: new Date(notAfter) }, 'https has a certificate')
    }
  }

  function count(findings: readonly Finding[]): void {
    counts[isBroken(findings) ? 'failed' : 'ok'] += 1
  }

  return {
    counts,
    get loadedAt() {
      return loadedAt
    },
    reload() {
      invalidate()
      source.reload()
      tellSettings()
      for (const { files, tell } of keys) {
        files.reload()
        tell()
      }
      const findings = [source, signing, certificates].flatMap(each => each.findings)
      count(findings)
      reread('everything')
      return findings
    },
    watch() {
      report(source.findings)
      for (const { tell } of keys) tell()
      source.watch(() => {
        tellSettings()
        count(source.findings)
        reread('changes')
      })
      for (const { files, tell } of keys) {
        files.watch(() => {
          tell()
          count(files.findings)
          reread('changes')
        })
      }
    },
    close() {
      for (const each of [source, signing, certificates]) each.close()
    }
  }
}

function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
