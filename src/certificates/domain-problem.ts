/**
 * What the storage says about the certificate of one domain, for `signpost doctor` and the console.
 */
import type { Table } from '../settings/table.ts'
import { readReport } from './report.ts'
import { openStorageOf } from './storage/acme-folder.ts'

/** Why the certificate is missing or incomplete, or why that cannot be known. */
export type DomainProblem =
  | {
      readonly problem: string
      /** Milliseconds since 1970. */
      readonly nextAttemptAt: number
      /** Whether there is a certificate that is still valid. */
      readonly hasCertificate: boolean
    }
  | { readonly unreadable: string }

/**
 * Never rejects.
 * @param domain as A-labels
 * @param options.file the settings file: names in it are relative to its folder
 * @param options.now milliseconds since 1970
 * @returns undefined without a problem, without `http.tls.acme`, and for a domain that nothing was ordered for
 */
export async function readDomainProblem(
  domain: string,
  { settings, find }: Pick<Table, 'settings' | 'find'>,
  { file, now }: { readonly file: string; readonly now: number }
): Promise<DomainProblem | undefined> {
  const acme = settings.http?.tls?.acme
  if (acme === undefined) return undefined
  try {
    const { problem, nextAttemptAt = 0, expiresAt = 0 } = await readReport(openStorageOf(acme, file), domain, [])
    return problem === undefined ? undefined : { problem, nextAttemptAt, hasCertificate: expiresAt > now }
  } catch (error) {
    // Why only for domains of the table: others need no certificate from this service.
    return find(domain) === undefined ? undefined : { unreadable: (error as Error).message }
  }
}
