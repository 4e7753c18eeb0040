/**
 * One account in an Apple profile: apple/device-management, mdm/profiles/CommonPayloadKeys.yaml (iOS 18.1, macOS 15.1).
 */
import type { PlistDictionary } from '../../formats/plist.ts'

export type PayloadName = 'mail' | 'caldav' | 'carddav' | 'activesync'

/** What differs from person to person. */
export interface Person {
  readonly domain: string
  readonly address: string
  readonly login: string
  readonly name: string | undefined
}

export interface Payload {
  /** Ends the identifier. */
  readonly name: PayloadName
  readonly type: string
  /** Keys that only this type has. */
  readonly keys: (person: Person) => PlistDictionary
}
