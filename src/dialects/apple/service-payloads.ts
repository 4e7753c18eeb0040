/**
 * Calendars, address books and ActiveSync accounts in an Apple profile: apple/device-management,
 * com.apple.caldav.account.yaml, com.apple.carddav.account.yaml and com.apple.eas.account.yaml (not available on Macs) of
 * Release_iOS-18-1_macOS-15-1 (b6202ca).
 */

import type { PlistDictionary } from '../../formats/plist.ts'
import { fillUrl, isPersonal } from '../../settings/fill-provider.ts'
import { type Provider, type Service, serviceOf } from '../../settings/provider.ts'
import { type Payload, type PayloadName, smimeSwitches } from './mail-payload.ts'

const prefixes = { caldav: 'CalDAV', carddav: 'CardDAV' } as const

/** @returns undefined if there is no such service with password authentication, the only method of these payloads */
export function davPayload(provider: Provider, protocol: keyof typeof prefixes): Payload | undefined {
  const service = serviceOf(provider, protocol)
  const passwords = ['password', 'encrypted-password']
  if (service?.authentication.some(method => passwords.includes(method)) !== true) return undefined
  const prefix = prefixes[protocol]
  return {
    name: protocol,
    type: `com.apple.${protocol}.account`,
    keys(person) {
      const { domain, address, loginOf } = person
      const { host, port } = endpointOf(service, domain)
      return {
        [`${prefix}AccountDescription`]: address,
        // Observed: if the host name is a URL, the account silently disappears (iOS, Nextcloud issue 2065).
        [`${prefix}HostName`]: host,
        [`${prefix}Port`]: port,
        [`${prefix}PrincipalURL`]: isPersonal(service.url) ? fillUrl(pathOf(service), person) : undefined,
        [`${prefix}UseSSL`]: true,
        [`${prefix}Username`]: loginOf(service)
      }
    }
  }
}

/**
 * Observed: mailcow and Mail-in-a-Box (2026) write paths. Since iOS 18.4, iPhones set up DAV only with a principal URL where
 * the server has no redirect at /.well-known (mailcow issue 6445). Why other URLs are left out: iOS and macOS interpret them
 * differently or ignore them, and both request /.well-known (RFC 6764), where they discover the user.
 */
function pathOf({ url }: Service): string {
  return url.slice(url.indexOf('/', 'https://'.length))
}

/**
 * @param others the other payloads of the profile. Why: an ActiveSync account contains mail, calendars and contacts, and
 * people would get those of the other payloads twice
 * @returns undefined if the account would add nothing or cannot be expressed
 */
export function exchangePayload(provider: Provider, others: readonly PayloadName[]): Payload | undefined {
  const service = serviceOf(provider, 'activesync')
  if (service === undefined || others.length === 3) return undefined
  const authentication = exchangeAuthentication(provider, service)
  if (authentication === undefined) return undefined
  // Spec: com.apple.eas.account has no key for a port.
  if (endpointOf(service, 'example.com').port !== 443) return undefined
  const unless = (other: PayloadName) => (others.includes(other) ? false : undefined)
  return {
    name: 'activesync',
    type: 'com.apple.eas.account',
    keys: ({ domain, address, loginOf }) => ({
      EmailAddress: address,
      EnableCalendars: unless('caldav'),
      EnableContacts: unless('carddav'),
      EnableMail: unless('mail'),
      EnableReminders: unless('caldav'),
      Host: endpointOf(service, domain).host,
      ...authentication,
      ...smimeSwitches(provider, 'activesync'),
      // Spec: the default is false, unlike the one of CalDAV.
      SSL: true,
      UserName: loginOf(service)
    })
  }
}

/**
 * Spec: com.apple.eas.account.yaml: with OAuth, the device asks for no password. Without OAuthSignInURL, it looks for the
 * sign-in page by autodiscover, which only Exchange and Microsoft 365 have.
 * @returns undefined if there is neither a password nor OAuth
 */
function exchangeAuthentication({ oauth }: Provider, { authentication }: Service): PlistDictionary | undefined {
  if (authentication.includes('password')) return {}
  if (!authentication.includes('oauth2')) return undefined
  return { OAuth: true, OAuthSignInURL: oauth?.authorizationUrl, OAuthTokenRequestURL: oauth?.tokenUrl }
}

interface Endpoint {
  /** As A-labels. */
  readonly host: string
  readonly port: number
}

// Why: .invalid is reserved (RFC 6761 6.4), so real host names never contain this substitute for %EMAILDOMAIN%.
const domainSubstitute = 'emaildomain.invalid'

/**
 * Host and port of a service, for formats without URLs.
 *
 * @param domain replaces %EMAILDOMAIN%; it need not be a domain, because it is inserted last
 */
export function endpointOf({ url }: Service, domain: string): Endpoint {
  const { hostname, port } = new URL(url.replaceAll('%EMAILDOMAIN%', domainSubstitute))
  return { host: hostname.replaceAll(domainSubstitute, domain), port: port === '' ? 443 : Number(port) }
}
