/**
 * Input of the setup page and its sections.
 */

import type { LoginValues } from '../../dialects/login-slots.ts'
import type { Values } from '../../formats/template.ts'
import type { Provider } from '../../settings/provider.ts'
import type { Messages } from '../words/messages.ts'

export interface SetupView {
  readonly provider: Provider
  readonly messages: Messages
  /** Undefined on the page of a provider for everyone. */
  readonly person: Person | undefined
  /** Undefined if no Apple profile is served. */
  readonly profile: ProfileInfo | undefined
  /** Whether there is a code for Thunderbird for Android. */
  readonly hasThunderbirdCode: boolean
}

export interface ProfileInfo {
  readonly isSigned: boolean
  /** Including its unit. */
  readonly size: string
}

/** Values of a person in the page. In a template, these are marks. */
export const personNames = [
  /** Address with the domain as U-labels. */
  'address',
  /** Address with the domain as A-labels, percent-encoded. */
  'addressInUrl',
  /** The value of %EMAILDOMAIN%, as A-labels. */
  'domain',
  /** Text, width in modules and path of the code for iPhones. */
  'appleText',
  'appleSize',
  'applePath',
  /** The same for Thunderbird for Android. */
  'thunderbirdText',
  'thunderbirdSize',
  'thunderbirdPath'
] as const

export type Person = Values<(typeof personNames)[number]> & LoginValues
