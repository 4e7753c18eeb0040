/**
 * What the storage says about the certificates, for people and for programs. It only reads, so that any process may do it.
 */
import type { Table } from '../settings/table.ts'
import { listedGroups } from './names.ts'
import type { CertificateStorage } from './storage/certificate-storage.ts'
import { readGroupState } from './storage/group-state.ts'
import {
  certificateFile,
  groupFolder,
  groupOfFile,
  readStoredCertificate,
  stateFile
} from './storage/stored-certificate.ts'

export interface CertificateReport {
  /** The mail domain, or the host name. */
  readonly group: string
  /** The names in the certificate; without a certificate, those that it should have. */
  readonly names: readonly string[]
  readonly issuer: string | undefined
  /** Milliseconds since 1970; undefined without a certificate. */
  readonly expiresAt: number | undefined
  /** Milliseconds since 1970; undefined if it has not been tried. */
  readonly nextAttemptAt: number | undefined
  /** Why it is missing or incomplete. */
  readonly problem: string | undefined
}

/**
 * @returns the listed groups in the order of the table, then all others, sorted
 * @throws StorageFault if the folder cannot be read; an unreadable file is the problem of its group
 */
export async function readCertificateReports(
  storage: CertificateStorage,
  table: Pick<Table, 'settings' | 'providers' | 'findByName'>
): Promise<readonly CertificateReport[]> {
  const files = await storage.list(groupFolder)
  const others = files.flatMap(file => groupOfFile(file, '.pem') ?? groupOfFile(file, '.json') ?? [])
  const groups = new Map<string, readonly string[]>()
  for (const { key, names } of listedGroups(table)) groups.set(key, [...(groups.get(key) ?? []), ...names])
  for (const key of others.sort()) if (!groups.has(key)) groups.set(key, [])
  const reports: CertificateReport[] = []
  for (const [group, names] of groups) {
    // Why not a fault of all: the others can be read.
    const report = await readReport(storage, group, names).catch((error: Error) => unreadable(group, names, error))
    reports.push(report)
  }
  return reports
}

function unreadable(group: string, names: readonly string[], { message }: Error): CertificateReport {
  return { group, names, issuer: undefined, expiresAt: undefined, nextAttemptAt: undefined, problem: message }
}

/** @param names of the group, if it has no certificate. @throws StorageFault */
export async function readReport(
  storage: CertificateStorage,
  group: string,
  names: readonly string[]
): Promise<CertificateReport> {
  const text = await storage.read(certificateFile(group))
  const state = readGroupState(await storage.read(stateFile(group)))
  const certificate = text === undefined ? undefined : readStoredCertificate(text, undefined)
  return {
    group,
    names: certificate?.names ?? names,
    issuer: certificate && issuerOf(certificate.chain[0].issuer),
    expiresAt: certificate?.notAfter,
    nextAttemptAt: state.nextAt === 0 ? undefined : state.nextAt,
    problem: state.problem
  }
}

/** @param text attributes, one per line. Observed: Node.js returns undefined for an empty name. */
function issuerOf(text = ''): string {
  return /^CN=(.*)$/m.exec(text)?.[1] ?? text.replaceAll('\n', ', ')
}
