/**
 * The key that profiles are signed with, as long as it is good.
 */
import { dirname } from 'node:path'
import type { Finding } from '../settings/load/finding.ts'
import type { KeyPair } from './key-pair.ts'
import { type KeyRing, pairAt, renew } from './key-ring.ts'
import { createRenewal, type Renewal } from './renewal.ts'
import { readSigningKey, type SigningSettings } from './signing-key.ts'

export interface Signing extends Renewal {
  /** @returns the newest good key whose certificates are valid at the time */
  keyAt(now: number): KeyPair | undefined
  /** Valid or not. */
  readonly newest: KeyPair | undefined
  /** What the last reading found. */
  readonly findings: readonly Finding[]
}

/**
 * @param file of the settings: names in it are relative to its folder
 * @param settingsOf the settings as they are now
 */
export function openSigning(file: string, settingsOf: () => SigningSettings | undefined): Signing {
  const folder = dirname(file)
  let held: KeyRing = []
  let findings: readonly Finding[] = []

  function read([settings]: readonly SigningSettings[]): void {
    if (settings === undefined) {
      held = []
      findings = []
      return
    }
    const now = Date.now()
    const told = readSigningKey(settings, folder, now)
    findings = told.findings
    held = renew(held, told.pair, now)
  }

  const filesOf = () => [settingsOf()].filter(settings => settings !== undefined)
  return {
    ...createRenewal({ folder, filesOf, read }),
    keyAt: now => pairAt(held, now),
    get newest() {
      return held[0]
    },
    get findings() {
      return findings
    }
  }
}
