/**
 * The parts of every service that must be ready: its table and its keys.
 */
import type { Certificates } from '../keys/certificates.ts'
import type { Signing } from '../keys/signing.ts'
import type { FileSource } from '../sources/file.ts'
import type { Readiness } from '../sources/readiness.ts'

export interface Served {
  readonly source: Pick<FileSource, 'table' | 'findings'>
  readonly signing: Pick<Signing, 'keyAt'>
  readonly certificates: Pick<Certificates, 'certificatesAt'>
}

export function partsOf({ source, signing, certificates }: Served): readonly Readiness[] {
  return [
    {
      name: 'settings',
      // Why ready with a broken file: the last good table answers as well as before, and a mistake in a file that all
      // replicas read must not take all of them away at once.
      stateAt() {
        const broken = source.findings.some(({ severity }) => severity === 'error')
        return { ready: true, ...(broken && { remark: 'the settings are broken: the last good table stays in use' }) }
      }
    },
    {
      name: 'https',
      stateAt(now) {
        const all = certificates.certificatesAt(now)
        const bad = all.filter(({ notBefore, notAfter }) => now < notBefore || notAfter < now)
        const remark = `no valid certificate: ${bad.map(({ name }) => name).join(', ')}`
        return { ready: bad.length === 0 || bad.length < all.length, ...(bad.length > 0 && { remark }) }
      }
    },
    {
      name: 'signing',
      // Why ready: all but Apple profiles is answered.
      stateAt(now) {
        const refused = source.table.settings.signing?.required === true && signing.keyAt(now) === undefined
        return { ready: true, ...(refused && { remark: 'no valid certificate: profiles are refused' }) }
      }
    }
  ]
}
