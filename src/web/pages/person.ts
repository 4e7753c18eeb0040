/**
 * What of a person stands in the page; in a template of the page, the marks where it will stand.
 */
import type { Values } from '../../formats/template.ts'

export const personNames = [
  /** The address with its domain as people write it. */
  'address',
  /** The address with its domain as programs write it, percent-encoded. */
  'addressInUrl',
  /** The domain that %EMAILDOMAIN% stands for, as A-labels. */
  'domain',
  'login',
  /** What the code for iPhones says, how many modules it is wide, and its path. */
  'appleText',
  'appleSize',
  'applePath',
  /** The same of the code for Thunderbird for Android. */
  'thunderbirdText',
  'thunderbirdSize',
  'thunderbirdPath'
] as const

export type Person = Values<(typeof personNames)[number]>
