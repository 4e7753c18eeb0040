/**
 * The certificates of the https listener, as long as they are good.
 */
import { dirname } from 'node:path'
import type { Finding } from '../settings/load/finding.ts'
import { type Certificate, readCertificate, type TlsSettings } from './certificate.ts'
import type { KeyFiles } from './key-pair.ts'
import { type KeyRing, pairAt, renew } from './key-ring.ts'
import { createRenewal, type Renewal } from './renewal.ts'

export interface Certificates extends Renewal {
  /**
   * @returns for each pair of the settings, in their order, the newest good certificate that is valid at the time, else
   * the newest; none for a pair that has never been good
   */
  certificatesAt(now: number): readonly Certificate[]
  /** What the last reading found. */
  readonly findings: readonly Finding[]
}

interface Slot {
  readonly files: KeyFiles
  readonly ring: KeyRing<Certificate>
}

/**
 * @param file of the settings: names in it are relative to its folder
 * @param settingsOf the settings as they are now; without any, the certificates stay as they were
 */
export function openCertificates(file: string, settingsOf: () => TlsSettings | undefined): Certificates {
  const folder = dirname(file)
  let slots: readonly Slot[] = []
  let findings: readonly Finding[] = []

  function read(all: readonly KeyFiles[]): void {
    // Why: a listener stays until the service is started again, and needs them.
    if (all.length === 0) return
    const now = Date.now()
    const minVersion = settingsOf()?.minVersion
    const told = all.map((files, index) => readCertificate(files, { folder, now, index, minVersion }))
    findings = told.flatMap(each => each.findings)
    slots = all.map((files, index) => {
      const before = slots.find(slot => slot.files.certificate === files.certificate && slot.files.key === files.key)
      return { files, ring: renew(before?.ring ?? [], told[index]?.certificate, now) }
    })
  }

  return {
    ...createRenewal({ folder, filesOf: () => settingsOf()?.certificates ?? [], read }),
    // Why an expired one rather than none: the program then says what is wrong.
    certificatesAt: now => slots.flatMap(({ ring }) => pairAt(ring, now) ?? ring[0] ?? []),
    get findings() {
      return findings
    }
  }
}
