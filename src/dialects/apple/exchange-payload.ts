/**
 * An ActiveSync account in an Apple profile: apple/device-management, com.apple.eas.account.yaml (iOS 18.1; a Mac has none).
 */
import { type Provider, serviceOf } from '../../settings/provider.ts'
import { servicePlace } from '../../settings/service-place.ts'
import type { Payload, PayloadName } from './payload.ts'

/**
 * @param others what the same profile has already. Why it counts: this account brings mail, calendars and contacts
 * together, and people would have all that twice
 * @returns undefined where it would bring nothing, or cannot be expressed
 */
export function exchangePayload(provider: Provider, others: readonly PayloadName[]): Payload | undefined {
  const service = serviceOf(provider, 'activesync')
  if (service?.authentication.includes('password') !== true || others.length === 3) return undefined
  // Spec: com.apple.eas.account has no key for a port.
  if (servicePlace(service, 'example.com').port !== 443) return undefined
  const unless = (other: PayloadName) => (others.includes(other) ? false : undefined)
  return {
    name: 'activesync',
    type: 'com.apple.eas.account',
    keys: ({ domain, address, login }) => ({
      EmailAddress: address,
      EnableCalendars: unless('caldav'),
      EnableContacts: unless('carddav'),
      EnableMail: unless('mail'),
      EnableReminders: unless('caldav'),
      Host: servicePlace(service, domain).host,
      // Spec: false where the key is absent, unlike that of CalDAV.
      SSL: true,
      UserName: login
    })
  }
}
