/**
 * Metrics of the service itself: its version, settings, certificates and worker processes.
 */
import { Counter, Gauge } from 'prom-client'
import type { Certificates } from '../keys/certificates.ts'
import type { KeyPair } from '../keys/key-pair.ts'
import type { Signing } from '../keys/signing.ts'
import type { FileSource } from '../sources/file.ts'
import type { RegisterMetrics } from './metrics.ts'
import { readVersion } from './version.ts'

export interface MeasuredService {
  readonly source: Pick<FileSource, 'table' | 'findings'>
  readonly reloader: {
    /** Number of reloads that succeeded and failed. */
    readonly counts: Readonly<Record<'ok' | 'failed', number>>
    /** When the current table was read, in milliseconds since 1970. */
    readonly loadedAt: number
    /** The changed settings that take effect only at a restart. */
    readonly pendingRestart: readonly string[]
  }
  readonly signing: Pick<Signing, 'newest'>
  readonly certificates: Pick<Certificates, 'certificatesAt'>
}

export function serviceMetrics({ source, reloader, signing, certificates }: MeasuredService): RegisterMetrics {
  const version = readVersion()
  return registry => {
    const registers = [registry]
    new Gauge({
      name: 'signpost_build_info',
      help: 'Always 1. The labels state the versions of Signpost and Node.',
      labelNames: ['version', 'node'],
      registers
    }).set({ version, node: process.version }, 1)
    new Gauge({
      name: 'signpost_providers',
      help: 'Providers in the current table.',
      registers,
      collect() {
        this.set(source.table.providers.length)
      }
    })
    new Gauge({
      name: 'signpost_settings_loaded_timestamp_seconds',
      help: 'When the current table was read.',
      registers,
      collect() {
        this.set(reloader.loadedAt / 1000)
      }
    })
    new Gauge({
      name: 'signpost_settings_last_reload_successful',
      help: '1, or 0 while the settings are invalid and an older table is in use.',
      registers,
      collect() {
        this.set(source.findings.some(({ severity }) => severity === 'error') ? 0 : 1)
      }
    })
    new Gauge({
      name: 'signpost_settings_pending_restart',
      help: 'Changed settings that take effect only at a restart.',
      registers,
      collect() {
        this.set(reloader.pendingRestart.length)
      }
    })
    new Counter({
      name: 'signpost_reloads_total',
      help: 'Reloads of settings and keys, by result.',
      labelNames: ['result'],
      registers,
      collect() {
        this.reset()
        for (const [result, count] of Object.entries(reloader.counts)) this.inc({ result }, count)
      }
    })
    new Gauge({
      name: 'signpost_certificate_expiry_timestamp_seconds',
      help: 'When the first certificate of a chain expires.',
      labelNames: ['use', 'name'],
      registers,
      collect() {
        this.reset()
        for (const { use, name, notAfter } of expiries(certificates.certificatesAt(Date.now()), signing.newest)) {
          this.set({ use, name }, notAfter / 1000)
        }
      }
    })
  }
}

/** @returns expiry times, latest first. Why: of two certificates with one name, the first to expire must be set last. */
function expiries(tls: readonly KeyPair[], signing: KeyPair | undefined) {
  const uses = [...tls.map(pair => ({ use: 'tls', pair })), ...(signing ? [{ use: 'signing', pair: signing }] : [])]
  return uses
    .map(({ use, pair: { name, notAfter } }) => ({ use, name, notAfter }))
    .sort((a, b) => b.notAfter - a.notAfter)
}

export interface MeasuredWorkers {
  readonly counts: { readonly restarts: number; readonly hangs: number }
  /** Number of workers by state. */
  readonly sizes: Readonly<Record<'serving' | 'silent' | 'starting' | 'leaving', number>>
}

export function workerMetrics(workers: MeasuredWorkers): RegisterMetrics {
  return registry => {
    const registers = [registry]
    new Gauge({
      name: 'signpost_workers',
      help: 'Worker processes by state: serving, silent (they do not answer the supervisor process), starting, leaving.',
      labelNames: ['state'],
      registers,
      collect() {
        for (const [state, size] of Object.entries(workers.sizes)) this.set({ state }, size)
      }
    })
    new Counter({
      name: 'signpost_worker_restarts_total',
      help: 'Workers that were replaced because they ended unexpectedly.',
      registers,
      collect() {
        this.reset()
        this.inc(workers.counts.restarts)
      }
    })
    new Counter({
      name: 'signpost_worker_hangs_total',
      help: 'Workers that were killed because they did not answer, or did not become ready.',
      registers,
      collect() {
        this.reset()
        this.inc(workers.counts.hangs)
      }
    })
  }
}
