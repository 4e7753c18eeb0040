/**
 * Readiness of the components that every service has: its settings and its certificates.
 */
import type { Certificates } from '../keys/certificates.ts'
import type { Signing } from '../keys/signing.ts'
import type { FileSource } from '../sources/file.ts'
import type { Readiness } from '../sources/readiness.ts'

export interface ServiceComponents {
  readonly source: Pick<FileSource, 'table' | 'findings'>
  readonly signing: Pick<Signing, 'keyAt'>
  readonly certificates: Pick<Certificates, 'certificatesAt'>
}

export function readinessOf({ source, signing, certificates }: ServiceComponents): readonly Readiness[] {
  return [
    {
      name: 'settings',
      // Why always ready: the last good table still serves. A mistake in a file that all replicas read must not take all of
      // them out of service at once.
      stateAt() {
        const broken = source.findings.some(({ severity }) => severity === 'error')
        return { ready: true, ...(broken && { remark: 'the settings are invalid: the last good table stays in use' }) }
      }
    },
    {
      name: 'https',
      stateAt(now) {
        const all = certificates.certificatesAt(now)
        const invalid = all.filter(({ notBefore, notAfter }) => now < notBefore || notAfter < now)
        const remark = `no valid certificate: ${invalid.map(({ name }) => name).join(', ')}`
        return { ready: invalid.length === 0 || invalid.length < all.length, ...(invalid.length > 0 && { remark }) }
      }
    },
    {
      name: 'signing',
      // Why always ready: everything except Apple profiles still works.
      stateAt(now) {
        const refused = source.table.settings.signing?.required === true && signing.keyAt(now) === undefined
        return { ready: true, ...(refused && { remark: 'no valid certificate: profiles are refused' }) }
      }
    }
  ]
}
