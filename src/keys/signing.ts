/**
 * The key that profiles are signed with. The last good one stays in use.
 */
import { dirname } from 'node:path'
import type { Finding } from '../settings/load/finding.ts'
import type { Settings } from '../settings/schema.ts'
import { type KeyPair, type ReadKeyPair, readKeyPair } from './key-pair.ts'
import { createRenewal, type KeyRing, pairAt, type Renewal, renew } from './renewal.ts'

export interface Signing extends Renewal {
  /** @returns the newest good key whose certificates are valid at the time */
  keyAt(now: number): KeyPair | undefined
  /** The newest good key, valid or not. */
  readonly newest: KeyPair | undefined
  /** The findings of the last reading. */
  readonly findings: readonly Finding[]
}

/**
 * @param file the settings file: names in it are relative to its folder
 * @param settingsOf returns the current settings
 */
export function openSigning(file: string, settingsOf: () => SigningSettings | undefined): Signing {
  const folder = dirname(file)
  let keys: KeyRing = []
  let findings: readonly Finding[] = []

  function read([settings]: readonly SigningSettings[]): void {
    if (settings === undefined) {
      keys = []
      findings = []
      return
    }
    const now = Date.now()
    const result = readSigningKey(settings, folder, now)
    findings = result.findings
    keys = renew(keys, result.pair, now)
  }

  const filesOf = () => [settingsOf()].filter(settings => settings !== undefined)
  return {
    ...createRenewal({ folder, filesOf, read }),
    keyAt: now => pairAt(keys, now),
    get newest() {
      return keys[0]
    },
    get findings() {
      return findings
    }
  }
}

export type SigningSettings = NonNullable<Settings['signing']>

/**
 * @param folder for relative file names
 * @param now milliseconds since 1970
 */
export function readSigningKey(settings: SigningSettings, folder: string, now: number): ReadKeyPair {
  return readKeyPair(settings, {
    folder,
    now,
    path: 'signing',
    // Why: without a signature the profile is still served, unless one is required.
    severity: settings.required === true ? 'error' : 'warning',
    // Observed: the profiles that iOS verifies in practice are signed with RSA or with this curve.
    curves: ['prime256v1'],
    // Observed: iOS shows a profile that it cannot verify in the same red as an unsigned one.
    distrust: 'devices do not know: they show "Not Verified"'
  })
}
