/**
 * Apple configuration profiles for iPhone, iPad and Mac: apple/device-management, mdm/profiles/TopLevel.yaml,
 * CommonPayloadKeys.yaml and com.apple.mail.managed.yaml (iOS 18.1, macOS 15.1).
 */
import { type PlistDictionary, writePlist } from '../formats/plist.ts'
import { queryValue } from '../formats/query.ts'
import { compile } from '../formats/template.ts'
import { uuidOfUrl } from '../formats/uuid.ts'
import { escapeXml } from '../formats/xml.ts'
import { loginName } from '../settings/account.ts'
import { type Address, toAddress } from '../settings/address.ts'
import { expand } from '../settings/placeholder.ts'
import { type Provider, preferred, type Server } from '../settings/provider.ts'
import type { Authentication } from '../settings/schema.ts'
import type { Dialect, Inquiry, Question, Writer } from './dialect.ts'
import { type Document, document } from './document.ts'

const path = '/email.mobileconfig'

export const apple: Dialect = {
  name: 'apple',
  title: 'Apple profile',
  routes: [
    { method: 'GET', path },
    // Why: links that were made for automx2 go on working.
    { method: 'GET', path: '/mobileconfig' }
  ],
  crossOrigin: false,
  httpsPath: ({ address, personName }) =>
    `${path}?email=${encodeURIComponent(address?.text ?? '')}${personName === undefined ? '' : `&name=${encodeURIComponent(personName)}`}`,
  ask,
  compile: write
}

const nameLimit = 100

// Why not every format character (Cf): Persian names have the zero-width non-joiner, and many emoji the joiner.
const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u

const badAddress = explanation('The parameter email must be one mail address, such as ?email=jane%40example.com\n')
const badName = explanation(`The parameter name must be at most ${nameLimit} characters on one line.\n`)

function ask({ query }: Inquiry): Question | Document {
  const typed = queryValue(query, 'email') ?? queryValue(query, 'emailaddress')
  const address = typed === undefined ? undefined : toAddress(typed)
  if (address === undefined) return badAddress
  // Why: browsers send a form's spaces as plus signs, which in a name are nothing else.
  const name = queryValue(query.replaceAll('+', '%20'), 'name')?.trim()
  if (name === undefined || name === '') return { domain: address.domain, address }
  if ([...name].length > nameLimit || unwritable.test(name)) return badName
  return { domain: address.domain, address, personName: name }
}

function write(provider: Provider): Writer | undefined {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (incoming === undefined || outgoing === undefined) return undefined
  // Observed: com.apple.mail.managed has no OAuth key and no other way to log in than these.
  if (methodOf(incoming) === undefined || methodOf(outgoing) === undefined) return undefined
  const template = (named: boolean) =>
    compile(
      ['domain', 'address', 'login', 'name', 'identifier', 'profileUuid', 'mailUuid'],
      marks => writePlist(profile(provider, incoming, outgoing, named ? marks : { ...marks, name: undefined })),
      escapeXml
    )
  const fillNamed = template(true)
  const fillNameless = template(false)
  return ({ domain, address, personName }) => {
    if (address === undefined) return badAddress
    const values = { domain, address: address.text, login: loginName(provider, address), ...identityOf(address) }
    const body =
      personName === undefined ? fillNameless({ ...values, name: '' }) : fillNamed({ ...values, name: personName })
    return document(200, headersFor(domain), body)
  }
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

/**
 * Why from the address alone: a second account must not replace the first, and a profile made anew after the servers
 * changed must replace the old one; both are decided by identifier and UUID (CommonPayloadKeys.yaml). Hashed, since local
 * parts hold characters that an identifier must not.
 */
function identityOf({ localPart, domain }: Address) {
  const url = `mailto:${encodeURIComponent(localPart.toLowerCase())}@${domain}`
  const profileUuid = uuidOfUrl(url)
  const identifier = `${domain.split('.').reverse().join('.')}.${profileUuid.toLowerCase()}`
  return { identifier, profileUuid, mailUuid: uuidOfUrl(`${url}#mail`) }
}

interface Marks {
  readonly domain: string
  readonly address: string
  readonly login: string
  readonly name: string | undefined
  readonly identifier: string
  readonly profileUuid: string
  readonly mailUuid: string
}

function profile(provider: Provider, incoming: Server, outgoing: Server, marks: Marks): PlistDictionary {
  return {
    PayloadContent: [mailPayload(incoming, outgoing, marks)],
    PayloadDescription: descriptionOf(provider),
    PayloadDisplayName: `${provider.name} (${marks.address})`,
    PayloadIdentifier: marks.identifier,
    PayloadOrganization: provider.name,
    PayloadType: 'Configuration',
    PayloadUUID: marks.profileUuid,
    PayloadVersion: 1
  }
}

/** Why one language: only ConsentText can have several, and that stops people with one more page. */
function descriptionOf({ password: { note = {} } }: Provider): string | undefined {
  return note.en ?? Object.values(note)[0]
}

/**
 * No password: a profile that is not encrypted for one device is readable by everybody. No SMIME*, Prevent* or removal
 * keys: what a profile sets, its user can no longer change.
 */
function mailPayload(
  incoming: Server,
  outgoing: Server,
  { domain, address, login, name, identifier, mailUuid }: Marks
) {
  const receivingLogin = logsIn(incoming) ? login : undefined
  const sendingLogin = logsIn(outgoing) ? login : undefined
  return {
    EmailAccountDescription: address,
    EmailAccountName: name,
    EmailAccountType: incoming.protocol === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
    EmailAddress: address,
    IncomingMailServerAuthentication: methodOf(incoming),
    IncomingMailServerHostName: expand(incoming.host, { '%EMAILDOMAIN%': domain }),
    IncomingMailServerPortNumber: incoming.port,
    IncomingMailServerUseSSL: useSsl(incoming),
    IncomingMailServerUsername: receivingLogin,
    OutgoingMailServerAuthentication: methodOf(outgoing),
    OutgoingMailServerHostName: expand(outgoing.host, { '%EMAILDOMAIN%': domain }),
    // Observed: without a port, iOS tries 25, 587 and 465 in that order.
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: useSsl(outgoing),
    OutgoingMailServerUsername: sendingLogin,
    OutgoingPasswordSameAsIncomingPassword: receivingLogin && sendingLogin && true,
    PayloadDisplayName: address,
    PayloadIdentifier: `${identifier}.mail`,
    PayloadType: 'com.apple.mail.managed',
    PayloadUUID: mailUuid,
    PayloadVersion: 1
  }
}

/** Why true for STARTTLS: the key means "encrypt", the port decides how, and false would allow plaintext. */
function useSsl({ security }: Server): boolean {
  return security !== 'none'
}

const methods: Partial<Record<Authentication, string>> = {
  password: 'EmailAuthPassword',
  'encrypted-password': 'EmailAuthCRAMMD5',
  ntlm: 'EmailAuthNTLM',
  none: 'EmailAuthNone'
}

function methodOf({ authentication }: Server): string | undefined {
  return authentication.map(method => methods[method]).find(method => method !== undefined)
}

function logsIn(server: Server): boolean {
  return methodOf(server) !== 'EmailAuthNone'
}

function explanation(text: string): Document {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff'
  }
  return document(400, headers, text)
}
