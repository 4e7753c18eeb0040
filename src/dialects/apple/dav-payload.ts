/**
 * Calendars and address books in an Apple profile: apple/device-management, com.apple.caldav.account.yaml and
 * com.apple.carddav.account.yaml (iOS 18.1, macOS 15.1).
 */
import { type Provider, serviceOf } from '../../settings/provider.ts'
import { servicePlace } from '../../settings/service-place.ts'
import type { Payload } from './payload.ts'

const prefixes = { caldav: 'CalDAV', carddav: 'CardDAV' } as const

/** @returns undefined where there is no such service, or none that takes a password: there is no other way to log in */
export function davPayload(provider: Provider, protocol: keyof typeof prefixes): Payload | undefined {
  const service = serviceOf(provider, protocol)
  const passwords = ['password', 'encrypted-password']
  if (service?.authentication.some(method => passwords.includes(method)) !== true) return undefined
  const prefix = prefixes[protocol]
  return {
    name: protocol,
    type: `com.apple.${protocol}.account`,
    keys({ domain, address, login }) {
      const { host, port } = servicePlace(service, domain)
      return {
        [`${prefix}AccountDescription`]: address,
        // Observed: a URL in the place of a host makes the account disappear without a word (iOS, Nextcloud issue 2065).
        [`${prefix}HostName`]: host,
        [`${prefix}Port`]: port,
        // Why no principal URL: iOS and macOS read it differently, or not at all, and both ask /.well-known (RFC 6764).
        [`${prefix}UseSSL`]: true,
        [`${prefix}Username`]: login
      }
    }
  }
}
