/**
 * What the setup page is written from.
 */
import type { Provider } from '../../settings/provider.ts'
import type { Messages } from '../words/messages.ts'
import type { Person } from './person.ts'

export interface SetupView {
  readonly provider: Provider
  readonly messages: Messages
  /** Undefined on the page of a provider for everybody. */
  readonly person: Person | undefined
  /** Undefined where no Apple profile is served. */
  readonly profile: ProfileOffer | undefined
  /** There is a code for Thunderbird for Android. */
  readonly hasThunderbirdCode: boolean
}

export interface ProfileOffer {
  readonly isSigned: boolean
  /** With its unit. */
  readonly size: string
}
