/**
 * Input of the setup page and its sections.
 */

import type { LoginValues } from '../../dialects/login-slots.ts'
import type { Values } from '../../formats/template.ts'
import { fillProvider, personTextNames } from '../../settings/fill-provider.ts'
import type { Provider } from '../../settings/provider.ts'
import { type ChosenDevice, type Device, keptDevice } from '../devices/choose-device.ts'
import type { Messages } from '../words/messages.ts'

export interface SetupView {
  readonly provider: Provider
  readonly messages: Messages
  /** The device that the page explains. */
  readonly device: Device
  /** `device=<device>&` if the visitor has chosen it, so that links to this page keep it. */
  readonly deviceInUrl: string
  /** Undefined on the page of a provider for everyone. */
  readonly person: Person | undefined
  /** Undefined if no Apple profile is served. */
  readonly profile: ProfileInfo | undefined
  /** The domain is not the provider's, and the person has confirmed it. */
  readonly isForeign: boolean
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
  /** Address with the domain as A-labels, percent-encoded, and the confirmation of a foreign domain. */
  'addressInUrl',
  /** The value of %EMAILDOMAIN%, as A-labels. */
  'domain',
  /** For the placeholders in texts and URLs of the provider. */
  ...personTextNames,
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

/** @returns `SetupView.deviceInUrl` */
export function inUrl({ device, isChosen }: ChosenDevice): string {
  return keptDevice(isChosen ? device : undefined)
}

/**
 * The provider with its placeholders replaced. On the page for everyone, there is no domain that links could lead to, so they
 * are left out, and texts contain a description of the value.
 */
export function fillView({ provider, messages, person }: SetupView): Provider {
  if (person !== undefined) return fillProvider(provider, person)
  const { address, localPart, domain } = messages.placeholder
  const { website, webmail, documentation, password } = provider
  const { url, ...note } = password
  const linked = {
    ...provider,
    website: general(website),
    webmail: general(webmail),
    documentation: documentation.filter(page => general(page.url) !== undefined),
    password: { ...note, ...(general(url) !== undefined && { url }) }
  }
  return fillProvider(linked, { domain: `‹${domain}›`, address: `‹${address}›`, localPart: `‹${localPart}›` })
}

/** @returns the URL, if it is the same for all domains */
function general(url: string | undefined): string | undefined {
  return url?.includes('%EMAILDOMAIN%') ? undefined : url
}
