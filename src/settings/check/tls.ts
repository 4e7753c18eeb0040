/**
 * Checks of `http.tls`: there must be certificates, from files or from a certificate authority.
 */

import { basedOn, error, everyItem, expected, type Fault, found, type Path, warning } from '../load/finding.ts'
import { toPattern } from '../provider.ts'
import { toDomain } from '../question/domain.ts'
import type { Settings } from '../schema.ts'
import { checkListenHost } from './address.ts'

type TlsSettings = NonNullable<NonNullable<Settings['http']>['tls']>
export type AcmeSettings = NonNullable<TlsSettings['acme']>

/** The directory that is used by default: https://letsencrypt.org/docs/acme-protocol-updates/ */
export const defaultDirectory = 'https://acme-v02.api.letsencrypt.org/directory'

/** Why there: the systemd unit, the Debian package and the container image have this folder, and only the service can read it. */
export const defaultStorage = '/var/lib/signpost/certificates'

/** Where challenges over http are answered. Spec: RFC 8555 8.3. */
export const challengePath = '/.well-known/acme-challenge/'

/** The application protocol of challenges over TLS. Spec: RFC 8737 6.2. */
export const challengeProtocol = 'acme-tls/1'

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

type Open = Pick<Settings, 'http' | 'admin'> & {
  readonly mxLookup?: Settings['mxLookup'] | undefined
  readonly providers: readonly Pick<Settings['providers'][number], 'domains' | 'mx'>[]
}

/**
 * Why `ordersPerHour` ends the warning: an administrator who sets it has chosen how many certificates strangers may cause.
 * @returns a warning for each setting by which strangers can invent names that get a certificate
 */
export function checkOpenNames({ http, admin, mxLookup, providers }: Open): Fault[] {
  const { patterns = false, mx = false } = admin?.tlsAsk ?? {}
  const acme = http?.tls?.acme
  if (acme === undefined || acme.ordersPerHour !== undefined) return []
  const message =
    'found true with http.tls.acme: strangers can invent such names and use up half of the orders for certificates; expected a number that you accept in http.tls.acme.ordersPerHour'
  const warn = (name: string) => warning(['admin', 'tlsAsk', name], message)
  const hasPatterns =
    patterns && providers.some(({ domains, mx = [] }) => domains.some(isPattern) || mx.some(isPattern))
  return [
    ...(hasPatterns
      ? basedOn(
          [
            ['providers', everyItem, 'domains'],
            ['providers', everyItem, 'mx']
          ],
          [warn('patterns')]
        )
      : []),
    ...(mx && mxLookup !== undefined ? [warn('mx')] : [])
  ]
}

function isPattern(name: string): boolean {
  return toPattern(name)?.startsWith('*.') === true
}

/** Why without wildcards: authorities prove them by DNS only (RFC 8555 7.1.3), not by a challenge over http. */
function checkName(name: string, path: Path): Fault[] {
  const isHost = toDomain(name)?.includes('.') === true
  return isHost ? [] : [error(path, `found ${found(name)}, expected a host name without *`)]
}
