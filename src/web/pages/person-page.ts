/**
 * The setup page of one person: the page of the provider with address, user name and QR codes.
 */
import { apple } from '../../dialects/apple/profile.ts'
import { writerOf } from '../../dialects/dialect.ts'
import type { Document } from '../../dialects/document.ts'
import { type LoginSlot, loginSlots } from '../../dialects/login-slots.ts'
import { personTexts } from '../../settings/fill-provider.ts'
import type { Provider } from '../../settings/provider.ts'
import { type Account, isForeignAccount } from '../../settings/question/account.ts'
import { type Address, toUnicodeAddress } from '../../settings/question/address.ts'
import type { ChosenDevice } from '../devices/choose-device.ts'
import { createTemplateStore, type PageTemplate, pageTemplate, varying } from '../frame/page-template.ts'
import { qrCodes } from '../sections/qr-codes.ts'
import type { Messages } from '../words/messages.ts'
import { setupPage } from './setup-page.ts'
import { inUrl, type ProfileInfo, personNames } from './setup-view.ts'

export interface PersonPage extends Account {
  readonly address: Address
  readonly messages: Messages
  readonly device: ChosenDevice
  /** Origin of this service, if it is not autoconfig.<domain>. */
  readonly origin: string | undefined
  readonly signature: Signature
}

/** Bytes that a signature adds to an Apple profile; 0 if profiles are not signed, undefined if they are not served. */
export type Signature = number | undefined

const templateOf = createTemplateStore<PageTemplate<(typeof personNames)[number] | 'deviceInUrl' | LoginSlot>>()

/** Why: pages are not cached, because a faster second response would reveal that someone has requested the same address. */
export function personPage(options: PersonPage): Document {
  const { provider, domain, address, lookedUpNames, messages, origin, signature } = options
  const { device } = options.device
  const subject = { provider, domain, address, lookedUpNames, personName: undefined }
  const { apple, thunderbird } = qrCodes(subject, origin, { device })
  const logins = loginSlots(provider)
  const hasThunderbirdCode = thunderbird !== undefined
  const isForeign = isForeignAccount(options)
  const fill = templateOf(
    provider,
    `${messages.code} ${device} ${signature} ${hasThunderbirdCode} ${isForeign}`,
    () => {
      const view = {
        provider,
        messages,
        device,
        profile: profileOf(provider, signature),
        isForeign,
        hasThunderbirdCode
      }
      return pageTemplate([...personNames, 'deviceInUrl', ...logins.names], ({ deviceInUrl, ...person }) =>
        setupPage({ ...view, deviceInUrl, person })
      )
    }
  )
  const page = fill({
    address: toUnicodeAddress(address).text,
    addressInUrl: `${encodeURIComponent(address.text)}${isForeign ? '&confirmed=1' : ''}`,
    deviceInUrl: inUrl(options.device),
    domain,
    ...personTexts(address, provider),
    ...logins.fill(options, address),
    appleText: apple?.text ?? '',
    appleSize: apple?.size ?? '',
    applePath: apple?.path ?? '',
    thunderbirdText: thunderbird?.text ?? '',
    thunderbirdSize: thunderbird?.size ?? '',
    thunderbirdPath: thunderbird?.path ?? ''
  })
  return varying(page, options.device)
}

/** Example from which the size of all profiles is estimated. */
const sample: Address = { localPart: 'jane.doe', domain: 'example.com', text: 'jane.doe@example.com' }

function profileOf(provider: Provider, signature: Signature): ProfileInfo | undefined {
  const write = writerOf(apple, provider)
  if (write === undefined || signature === undefined) return undefined
  const { headers } = write({ provider, domain: sample.domain, address: sample, personName: undefined })
  const bytes = Number(headers['content-length']) + signature
  return { isSigned: signature > 0, size: `${Math.ceil(bytes / 1000)}\u00a0kB` }
}
