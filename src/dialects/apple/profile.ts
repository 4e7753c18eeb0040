/**
 * Apple configuration profiles for iPhone, iPad and Mac: apple/device-management, mdm/profiles/TopLevel.yaml and
 * CommonPayloadKeys.yaml (iOS 18.1, macOS 15.1). The accounts in a profile are payloads, one kind a file.
 */
import { type PlistDictionary, writePlist } from '../../formats/plist.ts'
import { queryValue } from '../../formats/query.ts'
import { compile } from '../../formats/template.ts'
import { uuidOfUrl } from '../../formats/uuid.ts'
import { escapeXml } from '../../formats/xml.ts'
import { loginName } from '../../settings/account.ts'
import { type Address, toAddress } from '../../settings/address.ts'
import { personNameLimit, toPersonName } from '../../settings/person-name.ts'
import type { Provider } from '../../settings/provider.ts'
import type { Dialect, Inquiry, Question, Writer } from '../dialect.ts'
import { type Document, document } from '../document.ts'
import { davPayload } from './dav-payload.ts'
import { exchangePayload } from './exchange-payload.ts'
import { mailPayload } from './mail-payload.ts'
import type { Payload, PayloadName, Person } from './payload.ts'

const path = '/email.mobileconfig'

export const apple = {
  name: 'apple',
  title: 'Apple profile',
  routes: [
    { method: 'GET', path },
    // Why: links that were made for automx2 go on working.
    { method: 'GET', path: '/mobileconfig' }
  ],
  crossOrigin: false,
  isSigned: true,
  httpsPath: ({ address, personName }: Question) =>
    `${path}?email=${encodeURIComponent(address?.text ?? '')}${personName === undefined ? '' : `&name=${encodeURIComponent(personName)}`}`,
  ask,
  compile: write,
  obstacle
} satisfies Dialect

const badAddress = explanation('The parameter email must be one mail address, such as ?email=jane%40example.com\n')
const badName = explanation(`The parameter name must be at most ${personNameLimit} characters on one line.\n`)

function ask({ query }: Inquiry): Question | Document {
  const typed = queryValue(query, 'email') ?? queryValue(query, 'emailaddress')
  const address = typed === undefined ? undefined : toAddress(typed)
  if (address === undefined) return badAddress
  // Why: browsers send a form's spaces as plus signs, which in a name are nothing else.
  const name = queryValue(query, 'name', { plusIsSpace: true })?.trim() ?? ''
  if (name === '') return { domain: address.domain, address }
  const personName = toPersonName(name)
  return personName === undefined ? badName : { domain: address.domain, address, personName }
}

function obstacle(provider: Provider): string | undefined {
  if (payloadsOf(provider).length > 0) return undefined
  return 'it needs an imap or a pop3 server and an smtp server that take a password'
}

function write(provider: Provider): Writer | undefined {
  const payloads = payloadsOf(provider)
  if (payloads.length === 0) return undefined
  const template = (named: boolean) =>
    compile(
      ['domain', 'address', 'login', 'name', 'identifier', 'profile', ...payloads.map(({ name }) => name)],
      marks => writePlist(profile(provider, payloads, marks, named ? marks : { ...marks, name: undefined })),
      escapeXml
    )
  const fillNamed = template(true)
  const fillNameless = template(false)
  return subject => {
    const { domain, address, personName } = subject
    if (address === undefined) return badAddress
    const person = { domain, address: address.text, login: loginName(subject, address) }
    const values = { ...person, ...identityOf(address, payloads) }
    const body =
      personName === undefined ? fillNameless({ ...values, name: '' }) : fillNamed({ ...values, name: personName })
    return document(200, headersFor(domain), body)
  }
}

/** Why none without mail: a profile of calendars alone would look like a mail account that went wrong. */
function payloadsOf(provider: Provider): Payload[] {
  const separate = [mailPayload(provider), davPayload(provider, 'caldav'), davPayload(provider, 'carddav')]
  const present = separate.filter(payload => payload !== undefined)
  const exchange = exchangePayload(
    provider,
    present.map(({ name }) => name)
  )
  const all = exchange === undefined ? present : [...present, exchange]
  return all.some(({ name }) => name === 'mail' || name === 'activesync') ? all : []
}

function headersFor(domain: string) {
  return {
    // Observed: iOS hands only this exact type to the profile installer; with another, Safari saves the file.
    'content-type': 'application/x-apple-aspen-config',
    'content-disposition': `attachment; filename="${domain}.mobileconfig"`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
}

/** The identifier of the profile, its UUID, and the UUID of each payload. */
type Identity = Readonly<Record<'identifier' | 'profile' | PayloadName, string>>

/**
 * Why from the address alone: a second account must not replace the first, and a profile made anew after the servers
 * changed must replace the old one; both are decided by identifier and UUID (CommonPayloadKeys.yaml). Hashed, since local
 * parts hold characters that an identifier must not.
 */
function identityOf({ localPart, domain }: Address, payloads: readonly Payload[]): Identity {
  const url = `mailto:${encodeURIComponent(localPart.toLowerCase())}@${domain}`
  const profile = uuidOfUrl(url)
  const identifier = `${domain.split('.').reverse().join('.')}.${profile.toLowerCase()}`
  const identity = { identifier, profile, mail: '', caldav: '', carddav: '', activesync: '' }
  for (const { name } of payloads) identity[name] = uuidOfUrl(`${url}#${name}`)
  return identity
}

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

function account({ name, type, keys }: Payload, identity: Identity, person: Person): PlistDictionary {
  return {
    ...keys(person),
    PayloadDisplayName: person.address,
    PayloadIdentifier: `${identity.identifier}.${name}`,
    PayloadType: type,
    PayloadUUID: identity[name],
    PayloadVersion: 1
  }
}

/** Why one language: only ConsentText can have several, and that stops people with one more page. */
function descriptionOf({ password: { note = {} } }: Provider): string | undefined {
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
