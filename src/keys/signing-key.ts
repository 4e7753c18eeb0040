/**
 * The pair that profiles are signed with.
 */
import type { Settings } from '../settings/schema.ts'
import { type ReadKeyPair, readKeyPair } from './key-pair.ts'

export type SigningSettings = NonNullable<Settings['signing']>

/**
 * @param folder what relative file names are relative to
 * @param now milliseconds since 1970
 */
export function readSigningKey(settings: SigningSettings, folder: string, now: number): ReadKeyPair {
  return readKeyPair(settings, {
    folder,
    now,
    path: 'signing',
    // Why: without a signature the profile is served all the same, unless it is required.
    severity: settings.required === true ? 'error' : 'warning',
    // Observed: the profiles that iOS verifies in practice are signed with RSA and with this one.
    curves: ['prime256v1'],
    // Observed: iOS shows a profile that it cannot verify in the same red as one that is not signed.
    distrust: 'devices do not know: they show "Not Verified"'
  })
}
