/**
 * The setup page of one person: the page of their provider, filled with address, user name and codes.
 */
import { apple } from '../../dialects/apple/profile.ts'
import { writerOf } from '../../dialects/dialect.ts'
import type { Document } from '../../dialects/document.ts'
import { type Account, loginName } from '../../settings/account.ts'
import type { Address } from '../../settings/address.ts'
import type { Provider } from '../../settings/provider.ts'
import { type PageTemplate, pageTemplate } from '../frame/page-template.ts'
import { createTemplateStore } from '../frame/template-store.ts'
import { qrCodes } from '../sections/qr-codes.ts'
import type { Messages } from '../words/messages.ts'
import { readable } from '../words/readable-address.ts'
import { personNames } from './person.ts'
import { setupPage } from './setup-page.ts'
import type { ProfileOffer } from './setup-view.ts'

export interface PersonPage extends Account {
  readonly address: Address
  readonly messages: Messages
  /** Where this service is reached, if not at autoconfig.<domain>. */
  readonly origin: string | undefined
  readonly signature: Signature
}

/** How many bytes a signature adds to an Apple profile; 0 where there is none, undefined where no profile is served. */
export type Signature = number | undefined

const templateOf = createTemplateStore<PageTemplate<(typeof personNames)[number]>>()

/** Why not cached: a page that comes faster the second time would tell that somebody has asked for the same address. */
export function personPage(asked: PersonPage): Document {
  const { provider, domain, address, login, messages, origin, signature } = asked
  const { apple, thunderbird } = qrCodes({ provider, domain, address, login, personName: undefined }, origin)
  const hasThunderbirdCode = thunderbird !== undefined
  const fill = templateOf(provider, `${messages.code} ${signature} ${hasThunderbirdCode}`, () => {
    const view = { provider, messages, profile: profileOffer(provider, signature), hasThunderbirdCode }
    return pageTemplate(personNames, person => setupPage({ ...view, person }))
  })
  return fill({
    address: readable(address).text,
    addressInUrl: encodeURIComponent(address.text),
    domain,
    login: loginName(asked, address),
    appleText: apple?.text ?? '',
    appleSize: apple?.size ?? '',
    applePath: apple?.path ?? '',
    thunderbirdText: thunderbird?.text ?? '',
    thunderbirdSize: thunderbird?.size ?? '',
    thunderbirdPath: thunderbird?.path ?? ''
  })
}

/** Nobody's: stands for all of them where the size of a profile is told. */
const sample: Address = { localPart: 'jane.doe', domain: 'example.com', text: 'jane.doe@example.com' }

function profileOffer(provider: Provider, signature: Signature): ProfileOffer | undefined {
  const write = writerOf(apple, provider)
  if (write === undefined || signature === undefined) return undefined
  const { headers } = write({ provider, domain: sample.domain, address: sample, personName: undefined })
  const bytes = Number(headers['content-length']) + signature
  return { isSigned: signature > 0, size: `${Math.ceil(bytes / 1000)} kB` }
}
