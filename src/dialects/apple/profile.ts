/**
 * Apple configuration profiles for iPhone, iPad and Mac: apple/device-management, mdm/profiles/TopLevel.yaml and
 * CommonPayloadKeys.yaml of Release_iOS-18-1_macOS-15-1 (b6202ca). The accounts in a profile are called payloads.
 */
import { type PlistDictionary, writePlist } from '../../formats/plist.ts'
import { decodeAddressAgain, queryValue } from '../../formats/query.ts'
import { compile } from '../../formats/template.ts'
import { uuidOfUrl } from '../../formats/uuid.ts'
import { escapeXml } from '../../formats/xml.ts'
import { fillProvider, personTextNames, personTextsFor } from '../../settings/fill-provider.ts'
import type { AnyServer } from '../../settings/names/login-name.ts'
import { personNameLimit, toPersonName } from '../../settings/names/person-name.ts'
import type { Provider } from '../../settings/provider.ts'
import { isForeignAccount } from '../../settings/question/account.ts'
import { type Address, toAddress } from '../../settings/question/address.ts'
import type { Dialect, DialectRequest, Question, Writer } from '../dialect.ts'
import { type Document, document, notServed } from '../document.ts'
import { loginSlots } from '../login-slots.ts'
import { mailPayload, type Payload, type PayloadName, type Person } from './mail-payload.ts'
import { davPayload, exchangePayload } from './service-payloads.ts'

const path = '/email.mobileconfig'

export const apple = {
  name: 'apple',
  title: 'Apple profile',
  routes: [
    { method: 'GET', path },
    // Why: existing links to automx2 keep working.
    { method: 'GET', path: '/mobileconfig' }
  ],
  crossOrigin: false,
  isSigned: true,
  httpsPath,
  ask,
  compile: write,
  unsupportedReason
} satisfies Dialect

function httpsPath({ address, personName, isConfirmed = false }: Question): string {
  const name = personName === undefined ? '' : `&name=${encodeURIComponent(personName)}`
  return `${path}?email=${encodeURIComponent(address?.text ?? '')}${name}${isConfirmed ? '&confirmed=1' : ''}`
}

const badAddress = explanation('The parameter email must be one mail address, such as ?email=jane%40example.com\n')
const badName = explanation(`The parameter name must be at most ${personNameLimit} characters on one line.\n`)

function ask({ query }: DialectRequest): Question | Document {
  const typed = queryValue(query, 'email') ?? queryValue(query, 'emailaddress')
  const address = typed === undefined ? undefined : toAddress(decodeAddressAgain(typed))
  if (address === undefined) return badAddress
  // Why: browsers send the spaces of a form as plus signs, and names contain no plus signs.
  const name = queryValue(query, 'name', { plusIsSpace: true })?.trim() ?? ''
  const isConfirmed = queryValue(query, 'confirmed') === '1'
  const question = { domain: address.domain, address, ...(isConfirmed && { isConfirmed }) }
  if (name === '') return question
  const personName = toPersonName(name)
  return personName === undefined ? badName : { ...question, personName }
}

function unsupportedReason(provider: Provider): string | undefined {
  if (payloadsOf(provider).length > 0) return undefined
  return 'it needs an imap or pop3 server and an smtp server with password authentication'
}

const names = ['domain', 'address', ...personTextNames, 'name', 'identifier', 'profile'] as const

function write(provider: Provider): Writer | undefined {
  const payloads = payloadsOf(provider)
  if (payloads.length === 0) return undefined
  const logins = loginSlots(provider)
  const textsOf = personTextsFor(provider)
  const template = (named: boolean) =>
    compile(
      [...names, ...logins.names, ...payloads.map(({ name }) => name)],
      marks => {
        const person = {
          ...marks,
          name: named ? marks.name : undefined,
          loginOf: (server: AnyServer) => logins.of(marks, server)
        }
        return writePlist(profile(fillProvider(provider, marks), payloads, marks, person))
      },
      escapeXml
    )
  const fillNamed = template(true)
  const fillNameless = template(false)
  return input => {
    const { domain, address, personName } = input
    if (address === undefined) return badAddress
    // Why: a profile for a mistyped domain, signed by this provider, would send the password to the wrong servers.
    if (isForeignAccount(input) && input.isConfirmed !== true) return notServed
    const person = { domain, address: address.text, ...textsOf(address), ...logins.fill(input, address) }
    const values = { ...person, ...identityOf(address, payloads) }
    const body =
      personName === undefined ? fillNameless({ ...values, name: '' }) : fillNamed({ ...values, name: personName })
    return document(200, headersFor(domain), body)
  }
}

/** Why: there is no profile without mail, because calendars alone would look like a broken mail account. */
export function payloadsOf(provider: Provider): Payload[] {
  const separate = [mailPayload(provider), davPayload(provider, 'caldav'), davPayload(provider, 'carddav')]
  const present = separate.filter(payload => payload !== undefined)
  const exchange = exchangePayload(
    provider,
    present.map(({ name }) => name)
  )
  const all = exchange === undefined ? present : [...present, exchange]
  return all.some(({ name }) => name === 'mail' || name === 'activesync') ? all : []
}

export function headersFor(domain: string) {
  return {
    // Observed: iOS opens only this exact type in the profile installer; Safari saves any other type as a file.
    'content-type': 'application/x-apple-aspen-config',
    'content-disposition': `attachment; filename="${domain}.mobileconfig"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
}

/** The identifier and UUID of the profile, and the UUID of each payload. */
export type Identity = Readonly<Record<'identifier' | 'profile' | PayloadName, string>>

/**
 * Why: identifier and UUID decide whether a profile replaces another one (CommonPayloadKeys.yaml). They are derived from the
 * address alone, so that a second account does not replace the first one, and a new profile with other servers does. The
 * address is hashed because local parts contain characters that identifiers must not.
 */
export function identityOf({ localPart, domain }: Address, payloads: readonly Payload[]): Identity {
  const url = `mailto:${encodeURIComponent(localPart.toLowerCase())}@${domain}`
  const profile = uuidOfUrl(url)
  const identifier = `${domain.split('.').reverse().join('.')}.${profile.toLowerCase()}`
  const identity = { identifier, profile, mail: '', caldav: '', carddav: '', activesync: '' }
  for (const { name } of payloads) identity[name] = uuidOfUrl(`${url}#${name}`)
  return identity
}

/** @param provider with its placeholders replaced */
function profile(provider: Provider, payloads: readonly Payload[], identity: Identity, person: Person) {
  return {
    PayloadContent: payloads.map(payload => account(payload, identity, person)),
    PayloadDescription: descriptionOf(provider),
    PayloadDisplayName: `${provider.name} (${person.address})`,
    PayloadIdentifier: identity.identifier,
    PayloadOrganization: provider.name,
    PayloadType: 'Configuration',
    PayloadUUID: identity.profile,
    PayloadVersion: 1
  }
}

/** One account of a person, as it stands in a profile. */
export function account({ name, type, keys }: Payload, identity: Identity, person: Person): PlistDictionary {
  return {
    ...keys(person),
    PayloadDisplayName: person.address,
    PayloadIdentifier: `${identity.identifier}.${name}`,
    PayloadType: type,
    PayloadUUID: identity[name],
    PayloadVersion: 1
  }
}

/** Why: only ConsentText supports several languages, but it adds another page to the installation. */
export function descriptionOf({ password: { note = {} } }: Provider): string | undefined {
  return note.en ?? Object.values(note)[0]
}

function explanation(text: string): Document {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
  return document(400, headers, text)
}
