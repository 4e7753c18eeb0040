/**
 * Reloads the settings, and the keys that they name, while the service runs. This is the one path of every reload: signals,
 * changed files, requests by an administrator, and workers.
 */
import type { Logger } from 'pino'
import { errors } from '../errors.ts'
import { setLogLevel } from '../http/log/access-log.ts'
import type { Certificates } from '../keys/certificates.ts'
import type { Signing } from '../keys/signing.ts'
import { describe, type Finding } from '../settings/load/finding.ts'
import type { Settings } from '../settings/schema.ts'
import { coalesce } from '../sources/coalesce.ts'
import type { FileSource } from '../sources/file.ts'
import { createPendingRestart } from './pending-restart.ts'

const invalidSettings = errors.settingsInvalid().code

export interface Reloader {
  /**
   * Reloads everything and logs the findings. At most one reload runs and one is waiting, which all further callers share.
   * @returns the findings of a reload that began after the call
   */
  reload(options?: ReloadOptions): Promise<readonly Finding[]>
  /** Logs the findings so far, and from now on reloads files that change. */
  watch(): void
  /** Ends all reloads. */
  close(): void
  /** Number of reloads by result. */
  readonly counts: Readonly<Record<'ok' | 'failed', number>>
  /** When the table in use was loaded: milliseconds since 1970. */
  readonly loadedAt: number
  /** The paths of changed settings that take effect only at a restart. */
  readonly pendingRestart: readonly string[]
  /** All workers have been replaced, and have started with these settings. */
  workersReplaced(settings: Settings): void
}

export interface ReloadOptions {
  /** The caller replaces all workers afterwards. They read everything at their start, so none is asked to reload first. */
  readonly replacesWorkers?: boolean
}

/** Everything also expires cached lookups. */
export type ReloadScope = 'everything' | 'changes'

export interface ReloaderOptions {
  readonly source: FileSource
  readonly signing: Signing
  readonly certificates: Certificates
  readonly logger: Logger
  /** Expires cached lookups. */
  readonly invalidate: () => void
  /** Called after new settings have been applied. */
  readonly applied?: () => void
  /** Called after a reload, unless workers are replaced. With errors they are not replaced, so they must reload as well. */
  readonly reloadWorkers?: (scope: ReloadScope) => void
}

/** Reloads the files of one process, without logging: workers do it when they are asked to, and the reloader does it first. */
export function reloadFiles(
  files: readonly { reload(): void }[],
  { scope, invalidate }: { readonly scope: ReloadScope; readonly invalidate: () => void }
): void {
  if (scope === 'everything') invalidate()
  for (const file of files) file.reload()
}

/** Pause between two reloads, in milliseconds. It is at least as long as the last one took, so half of the time is left. */
const leastRestMs = 100

export function createReloader(options: ReloaderOptions): Reloader {
  const { source, signing, certificates, logger, invalidate, applied = () => undefined } = options
  const { reloadWorkers = () => undefined } = options
  const counts = { ok: 0, failed: 0 }
  const pending = createPendingRestart(source)
  const parts = [
    { files: source, log: logSettings },
    { files: signing, log: logSigning },
    { files: certificates, log: logCertificates }
  ]
  const changed = new Set<(typeof parts)[number]>()
  let isEverything = false
  let replacesWorkers = false
  let isClosed = false
  let loadedAt = Date.now()

  function report(findings: readonly Finding[]): void {
    for (const finding of findings) logger[finding.severity === 'error' ? 'error' : 'warn'](describe(finding))
  }

  function logSettings(isReplacing: boolean): void {
    setLogLevel(logger, source.table.settings.log)
    report(source.findings)
    if (isBroken(source.findings)) {
      logger.error({ code: invalidSettings }, 'settings not reloaded: the last good table stays in use')
      return
    }
    loadedAt = Date.now()
    logger.info({ providers: source.table.providers.length }, 'settings reloaded')
    applied()
    const settings = pending.fields({ replacesWorkers: isReplacing })
    if (settings.length > 0) logger.warn({ settings }, 'changed settings take effect only at a restart')
  }

  function logSigning(): void {
    report(signing.findings)
    const key = signing.keyAt(Date.now())
    if (key !== undefined) logger.info({ by: key.name, until: new Date(key.notAfter) }, 'profiles are signed')
  }

  function logCertificates(): void {
    report(certificates.findings)
    for (const { names, notAfter } of certificates.certificatesAt(Date.now())) {
      logger.info({ names, until: new Date(notAfter) }, 'https has a certificate')
    }
  }

  function run(): readonly Finding[] {
    if (isClosed) return []
    const scope = isEverything ? 'everything' : 'changes'
    const due = parts.filter(part => isEverything || changed.has(part))
    const isReplacing = replacesWorkers
    isEverything = false
    replacesWorkers = false
    changed.clear()
    reloadFiles(
      due.map(({ files }) => files),
      { scope, invalidate }
    )
    for (const { log } of due) log(isReplacing)
    const findings = due.flatMap(({ files }) => files.findings)
    const hasErrors = isBroken(findings)
    counts[hasErrors ? 'failed' : 'ok'] += 1
    if (!isReplacing || hasErrors) reloadWorkers(scope)
    return findings
  }

  const ask = coalesce(run, { restMs: tookMs => Math.max(leastRestMs, tookMs) })

  return {
    counts,
    get loadedAt() {
      return loadedAt
    },
    get pendingRestart() {
      return pending.fields()
    },
    workersReplaced: pending.workersReplaced,
    reload(options = {}) {
      isEverything = true
      replacesWorkers ||= options.replacesWorkers === true
      return ask()
    },
    watch() {
      report(source.findings)
      logSigning()
      logCertificates()
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
