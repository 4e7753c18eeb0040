/**
 * Checks of `http.tls`: there must be certificates, from files or from a certificate authority.
 */

import { error, expected, type Fault, found, type Path } from '../load/finding.ts'
import { toDomain } from '../question/domain.ts'
import type { Settings } from '../schema.ts'
import { checkListenHost } from './address.ts'

type TlsSettings = NonNullable<NonNullable<Settings['http']>['tls']>
export type AcmeSettings = NonNullable<TlsSettings['acme']>

/** The directory that is used by default: https://letsencrypt.org/docs/acme-protocol-updates/ */
export const defaultDirectory = 'https://acme-v02.api.letsencrypt.org/directory'

/** Why there: the systemd unit, the Debian package and the container image have this folder, and only the service can read it. */
export const defaultStorage = '/var/lib/signpost/certificates'

export function checkTls({ host, certificates, acme }: TlsSettings, path: Path): Fault[] {
  const hasNone = certificates === undefined && acme === undefined
  const message = 'found neither certificates nor acme, expected one of them: https needs a certificate'
  return [
    ...checkListenHost(host, [...path, 'host']),
    ...(hasNone ? [error(path, message)] : []),
    ...(acme === undefined ? [] : checkAcme(acme, [...path, 'acme']))
  ]
}

function checkAcme({ termsAgreed, directory = defaultDirectory, names = [] }: AcmeSettings, path: Path): Fault[] {
  const terms =
    directory === defaultDirectory ? 'https://letsencrypt.org/repository/' : `the terms of service of ${directory}`
  return [
    ...(termsAgreed ? [] : [expected([...path, 'termsAgreed'], termsAgreed, `true after you have read ${terms}`)]),
    ...(URL.canParse(directory) ? [] : [expected([...path, 'directory'], directory, 'a valid URL')]),
    ...names.flatMap((name, index) => checkName(name, [...path, 'names', index]))
  ]
}

/** Why without wildcards: authorities prove them by DNS only (RFC 8555 7.1.3), not by a challenge over http. */
function checkName(name: string, path: Path): Fault[] {
  const isHost = toDomain(name)?.includes('.') === true
  return isHost ? [] : [error(path, `found ${found(name)}, expected a host name without *`)]
}
