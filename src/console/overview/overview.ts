/**
 * What the overview shows: the state of the service at one time.
 */
import { readVersion } from '../../admin/version.ts'
import type { Certificate } from '../../keys/certificates.ts'
import type { KeyPair } from '../../keys/key-pair.ts'
import type { Domains } from '../../lookups/domains.ts'
import type { LookupCache } from '../../lookups/lookup-cache.ts'
import type { Finding } from '../../settings/load/finding.ts'
import type { Table } from '../../settings/table.ts'
import { perTable } from '../../sources/per-table.ts'
import type { Readiness, ReadinessState } from '../../sources/readiness.ts'
import type { TableSource } from '../../sources/source.ts'
import type { Traffic } from '../traffic/history.ts'

export interface Overview {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly startedAt: number
  readonly version: string
  readonly settings: SettingsState
  readonly providers: ProviderCounts
  readonly certificates: readonly CertificateState[]
  readonly components: readonly (ReadinessState & Pick<Readiness, 'name'>)[]
  readonly lookups: readonly LookupState[]
  /** Undefined if one process does everything. */
  readonly workers: WorkerState | undefined
  readonly traffic: Traffic
}

export interface SettingsState {
  /** When the table in use was read: milliseconds since 1970. */
  readonly loadedAt: number
  readonly findings: readonly Finding[]
  /** The paths of changed settings that take effect only at a restart. */
  readonly pendingRestart: readonly string[]
}

export interface ProviderCounts {
  readonly rows: readonly {
    readonly id: string
    readonly name: string
    readonly domains: number
    readonly example: string
  }[]
  /** Number of domains and patterns in the table. */
  readonly domains: number
}

export interface CertificateState extends Pick<KeyPair, 'notBefore' | 'notAfter'> {
  readonly use: 'https' | 'signing'
  readonly names: readonly string[]
}

export interface LookupState {
  readonly name: string
  /** Undefined before the first answer, and for lookups that have no server. */
  readonly up: boolean | undefined
  readonly facts: readonly (readonly [string, number])[]
}

export interface WorkerState {
  readonly sizes: Readonly<Record<string, number>>
  readonly counts: { readonly restarts: number; readonly hangs: number }
}

export interface OverviewSources {
  readonly startedAt: number
  readonly source: TableSource & { readonly findings: readonly Finding[] }
  readonly reloader: Pick<SettingsState, 'loadedAt' | 'pendingRestart'>
  readonly certificates: { certificatesAt(now: number): readonly Certificate[]; readonly findings: readonly Finding[] }
  readonly signing: { readonly newest: KeyPair | undefined; readonly findings: readonly Finding[] }
  readonly readiness: readonly Readiness[]
  readonly lookups: Pick<Domains, 'customers' | 'mxLookUp' | 'users'>
  readonly workers: WorkerState | undefined
}

/** @returns a function that takes an overview at a time, in milliseconds since 1970 */
export function createOverview(sources: OverviewSources): (now: number, traffic: Traffic) => Overview {
  const { startedAt, source, reloader, certificates, signing, readiness, lookups, workers } = sources
  const version = readVersion()
  // Why per table: a table may have a million domains.
  const providers = perTable(source, countProviders)
  return (now, traffic) => ({
    ...{ now, startedAt, version, traffic, workers, providers: providers() },
    settings: {
      loadedAt: reloader.loadedAt,
      findings: [...source.findings, ...certificates.findings, ...signing.findings],
      pendingRestart: reloader.pendingRestart
    },
    certificates: [
      ...certificates.certificatesAt(now).map(each => certificateState('https', each, each.names)),
      ...(signing.newest === undefined ? [] : [certificateState('signing', signing.newest, [signing.newest.name])])
    ],
    components: readiness.map(each => ({ name: each.name, ...each.stateAt(now) })),
    lookups: lookupStates(lookups)
  })
}

function countProviders({ providers }: Table): ProviderCounts {
  const rows = providers.map(({ id, name, domains }) => ({
    ...{ id, name, domains: domains.length },
    example: domains.slice(0, 1).join('')
  }))
  return { rows, domains: rows.reduce((sum, { domains }) => sum + domains, 0) }
}

function certificateState(use: CertificateState['use'], { notBefore, notAfter }: KeyPair, names: readonly string[]) {
  return { use, names, notBefore, notAfter }
}

function lookupStates({ customers, mxLookUp, users }: OverviewSources['lookups']): LookupState[] {
  return [
    ...(customers ? [{ name: 'directory', up: customers.directory.up, facts: factsOf(customers.cache) }] : []),
    ...(mxLookUp ? [{ name: 'mxLookup', up: undefined, facts: factsOf(mxLookUp.cache) }] : []),
    // Why no more: no page may reveal how many of the addresses that were looked up exist.
    ...(users ? [{ name: 'users', up: users.directory.up, facts: Object.entries(users.counts) }] : [])
  ]
}

function factsOf({ counts, sizes }: Pick<LookupCache<unknown>, 'counts' | 'sizes'>): [string, number][] {
  return [...Object.entries(counts), ['cached', sizes.known], ['cached as unknown', sizes.unknown]]
}
