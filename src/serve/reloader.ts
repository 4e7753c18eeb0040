/**
 * Reloads the settings, and the keys that they name, while the service runs. Everything that can ask for a reload ends
 * here: a signal, an administrator, a changed file. Results are logged.
 */
import type { Logger } from 'pino'
import type { Certificates } from '../keys/certificates.ts'
import type { Signing } from '../keys/signing.ts'
import { describe, type Finding } from '../settings/load/finding.ts'
import { coalesce } from '../sources/coalesce.ts'
import type { FileSource } from '../sources/file.ts'

export interface Reloader {
  /**
   * Reloads everything. At most one reload runs and one is waiting, which all further callers share.
   * @returns the findings of a reload that began after the call
   */
  reload(): Promise<readonly Finding[]>
  /** Logs what was found so far, and from now on reloads whatever changes. */
  watch(): void
  /** Nothing is reloaded any more. */
  close(): void
  /** Number of reloads, by result. */
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

/** Pause between two reloads, in milliseconds; at least as long as the last one took, so that half of the time is left. */
const leastRestMs = 100

export function createReloader(reloaded: Reloaded): Reloader {
  const { source, signing, certificates, logger, invalidate, reread = () => undefined } = reloaded
  const counts = { ok: 0, failed: 0 }
  const parts = [
    { files: source, tell: tellSettings },
    { files: signing, tell: tellSigning },
    { files: certificates, tell: tellCertificates }
  ]
  const changed = new Set<(typeof parts)[number]>()
  let isEverything = false
  let isClosed = false
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

  function run(): readonly Finding[] {
    if (isClosed) return []
    const what = isEverything ? 'everything' : 'changes'
    const due = parts.filter(part => isEverything || changed.has(part))
    isEverything = false
    changed.clear()
    if (what === 'everything') invalidate()
    for (const { files, tell } of due) {
      files.reload()
      tell()
    }
    const findings = due.flatMap(({ files }) => files.findings)
    counts[isBroken(findings) ? 'failed' : 'ok'] += 1
    reread(what)
    return findings
  }

  const ask = coalesce(run, { restMs: tookMs => Math.max(leastRestMs, tookMs) })

  return {
    counts,
    get loadedAt() {
      return loadedAt
    },
    reload() {
      isEverything = true
      return ask()
    },
    watch() {
      report(source.findings)
      tellSigning()
      tellCertificates()
      for (const part of parts) {
        part.files.watch(() => {
          changed.add(part)
          ask()
        })
      }
    },
    close() {
      isClosed = true
      for (const { files } of parts) files.close()
    }
  }
}

function isBroken(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error')
}
