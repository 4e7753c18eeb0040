/**
 * The setup page of one person: the page of their provider, filled with address, user name and codes.
 */
import { apple } from '../dialects/apple.ts'
import { appleQr } from '../dialects/apple-qr.ts'
import type { Document } from '../dialects/document.ts'
import type { QrPayload } from '../dialects/qr-payload.ts'
import { thunderbirdQr } from '../dialects/thunderbird-qr.ts'
import { writerOf } from '../dialects/writer-of.ts'
import type { QrLevel } from '../formats/qr-code.ts'
import { loginName, type Resolved } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import type { Provider } from '../settings/provider.ts'
import type { Messages } from './messages.ts'
import { type PageTemplate, pageTemplate } from './page-template.ts'
import { type Person, personNames } from './person.ts'
import { qrDrawing } from './qr-drawing.ts'
import { readable } from './readable.ts'
import { setupPage } from './setup-page.ts'
import type { ProfileOffer } from './setup-view.ts'
import { createTemplateStore } from './template-store.ts'

export interface PersonPage extends Resolved {
  readonly address: Address
  readonly messages: Messages
  /** Where this service is reached, if not at autoconfig.<domain>. */
  readonly origin: string | undefined
  readonly signature: Signature
}

/** How many bytes a signature adds to an Apple profile; 0 where there is none, undefined where no profile is served. */
export type Signature = number | undefined

const templateOf = createTemplateStore<PageTemplate<(typeof personNames)[number]>>()

export async function personPage(asked: PersonPage): Promise<Document> {
  const { provider, domain, address, messages, origin, signature } = asked
  const subject = { provider, domain, address, personName: undefined }
  const appleCode = await drawn(appleQr(subject, origin), 'M')
  // Why L: as Thunderbird's own writer does; a level higher makes a code that is harder to scan from a screen.
  const thunderbirdCode = await drawn(thunderbirdQr(subject), 'L')
  const fill = templateOf(provider, `${messages.code} ${signature} ${thunderbirdCode.has}`, () => {
    const profile = profileOffer(provider, signature)
    const view = { provider, messages, profile, hasThunderbirdCode: thunderbirdCode.has }
    return pageTemplate(personNames, person => setupPage({ ...view, person }))
  })
  const person: Person = {
    address: readable(address).text,
    addressInUrl: encodeURIComponent(address.text),
    domain,
    login: loginName(provider, address),
    appleText: appleCode.text,
    appleSize: appleCode.size,
    applePath: appleCode.path,
    thunderbirdText: thunderbirdCode.text,
    thunderbirdSize: thunderbirdCode.size,
    thunderbirdPath: thunderbirdCode.path
  }
  return fill(person)
}

const noCode = { has: false, text: '', size: '', path: '' }

async function drawn(written: QrPayload, level: QrLevel) {
  if ('reason' in written) return noCode
  return { has: true, text: written.payload, ...(await qrDrawing(written.payload, level)) }
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
