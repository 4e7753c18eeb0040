/**
 * Content of the QR codes that set up an account on a phone: with Thunderbird for Android or on an iPhone.
 */

import { serverLoginName } from '../settings/names/login-name.ts'
import { personNameLimit, toPersonName } from '../settings/names/person-name.ts'
import { expand } from '../settings/names/placeholder.ts'
import { isOauthHostOfThunderbirdAndroid } from '../settings/oauth-hosts.ts'
import { preferred, type Server } from '../settings/provider.ts'
import { isForeignAccount } from '../settings/question/account.ts'
import type { Address } from '../settings/question/address.ts'
import type { Authentication, Security } from '../settings/schema.ts'
import { apple } from './apple/profile.ts'
import { type WriterInput, writerOf } from './dialect.ts'

export type QrPayload = { readonly payload: string } | { readonly reason: string }

export interface QrInput extends WriterInput {
  readonly address: Address
}

/** What only a portal knows, because it knows who is logged in. */
export interface QrExtras {
  /** Further addresses of the mailbox. */
  readonly aliases?: readonly Address[]
  readonly password?: string | undefined
}

const badName: QrPayload = { reason: `the name must be 1 to ${personNameLimit} visible characters on one line` }

/**
 * The https URL of the person's Apple profile, which the camera of an iPhone opens in Safari.
 *
 * @param publicUrl origin of this service, if it is not autoconfig.<domain>
 */
export function appleQr(input: QrInput, publicUrl: string | undefined): QrPayload {
  const { provider, address, personName } = input
  if (writerOf(apple, provider) === undefined) return { reason: 'there is no Apple profile for this domain' }
  const { domain } = address
  const origin = publicUrl ?? `https://autoconfig.${domain}`
  const question = { domain, address, isConfirmed: isForeignAccount(input) }
  if (personName === undefined) return { payload: origin + apple.httpsPath(question) }
  const name = toPersonName(personName)
  return name === undefined ? badName : { payload: origin + apple.httpsPath({ ...question, personName: name }) }
}

// Observed: Thunderbird's own export (QRExport, 2025) has about the same limit, because phones cannot read denser codes.
const payloadLimit = 800

/**
 * The account in the format that Thunderbird for Android imports, with the same servers and user name as Thunderbird
 * autoconfig. Without a password, the program asks for it.
 *
 * Spec: "Export for Mobile" QR code format, version 1 (thunderbird-android,
 * feature/migration/qrcode/qr-code-format.md, 2025-02-06).
 */
export function thunderbirdQr(input: QrInput, { aliases = [], password }: QrExtras = {}): QrPayload {
  const { provider, domain, address, personName } = input
  if (!provider.dialects.thunderbird) return { reason: 'Thunderbird is disabled for this domain' }
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (incoming === undefined) return { reason: 'there is no imap or pop3 server' }
  if (outgoing === undefined) return { reason: 'there is no smtp server' }
  const identities = []
  for (const each of [address, ...aliases]) {
    const reason = unsupportedAddress(each)
    if (reason !== undefined) return { reason }
    const displayName = personName === undefined ? each.text : toPersonName(personName)
    if (displayName === undefined) return badName
    identities.push([each.text, displayName])
  }
  const servers = []
  for (const server of [incoming, outgoing]) {
    const host = expand(server.host, { '%EMAILDOMAIN%': domain })
    const authentication = authenticationCode(server, host)
    if (authentication === undefined) return { reason: unsupportedAuthentication(server) }
    const security = securityCodes[server.security]
    const login = serverLoginName(input, address, server) ?? ''
    const fields = [protocolCode(server), host, server.port, security, authentication, login]
    servers.push([...fields, ...passwordFields(server, authentication, { password })])
  }
  const [receiving, sending] = servers
  const payload = toAscii(JSON.stringify([1, [1, 1], receiving, [[sending, ...identities]]]))
  if (payload.length > payloadLimit) {
    return { reason: `it would have ${payload.length} characters, but phones can read at most ${payloadLimit}` }
  }
  return { payload }
}

/** Observed: Thunderbird for Android (EmailAddressParser, 2025) rejects the whole code because of one such address. */
function unsupportedAddress({ localPart }: Address): string | undefined {
  if (/[^\x21-\x7e]/.test(localPart)) return 'Thunderbird for Android supports only ASCII addresses'
  if (/^\.|\.\.|\.$/.test(localPart)) return 'Thunderbird for Android supports dots only between other characters'
  return undefined
}

function protocolCode({ protocol }: Server): number {
  return protocol === 'pop3' ? 1 : 0
}

const securityCodes: Record<Security, number> = { tls: 3, starttls: 2, none: 0 }

// Observed: Thunderbird for Android (IntValueMapper, 2025) rejects the whole code if it contains Gssapi (3) or Ntlm (4).
const authenticationCodes: Partial<Record<Authentication, number>> = {
  none: 0,
  password: 1,
  'encrypted-password': 2,
  'client-certificate': 5,
  oauth2: 6
}

const passwordCodes = [authenticationCodes.password, authenticationCodes['encrypted-password']]

/** Why: passwords come first because Thunderbird for Android supports OAuth2 only for hosts in its built-in table. */
function authenticationCode({ authentication }: Server, host: string): number | undefined {
  const passwords = authentication.filter(method => method === 'password' || method === 'encrypted-password')
  const usable = authentication.filter(method => method !== 'oauth2' || isOauthHostOfThunderbirdAndroid(host))
  return [...passwords, ...usable].map(method => authenticationCodes[method]).find(code => code !== undefined)
}

/** Spec: an incoming server has the name of the account before its password; if it is empty, the address takes its place. */
function passwordFields({ protocol }: Server, authentication: number, { password }: QrExtras): string[] {
  if (password === undefined || !passwordCodes.includes(authentication)) return []
  return protocol === 'smtp' ? [password] : ['', password]
}

function unsupportedAuthentication({ protocol, authentication }: Server): string {
  return `Thunderbird for Android cannot log in to ${protocol} with ${authentication.join(' or ')}`
}

/** Why: a QR code does not name its character set, and readers guess. */
function toAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
