/**
 * A mail account in an Apple profile: apple/device-management, com.apple.mail.managed.yaml of
 * Release_iOS-18-1_macOS-15-1 (b6202ca).
 */
import type { PlistDictionary } from '../../formats/plist.ts'
import type { PersonTexts } from '../../settings/fill-provider.ts'
import type { AnyServer } from '../../settings/names/login-name.ts'
import { expand } from '../../settings/names/placeholder.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { Authentication } from '../../settings/schema.ts'

/** @returns undefined if a device could not both receive and send mail */
export function mailPayload(provider: Provider): Payload | undefined {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (incoming === undefined || outgoing === undefined) return undefined
  // Observed: com.apple.mail.managed has no key for OAuth and only these authentication methods.
  if (methodOf(incoming) === undefined || methodOf(outgoing) === undefined) return undefined
  const keys = (person: Person) => ({
    ...mailKeys(incoming, outgoing, person),
    ...smimeSwitches(provider, 'mail')
  })
  return { name: 'mail', type: 'com.apple.mail.managed', keys }
}

/**
 * Keys that leave signing and encryption with S/MIME to the user.
 *
 * Spec: com.apple.mail.managed.yaml and com.apple.eas.account.yaml: all are false by default, which locks the switches in
 * Settings. They exist since iOS 12, and Macs ignore them.
 * @returns none if the switches are locked
 */
export function smimeSwitches({ smime }: Provider, payload: 'mail' | 'activesync'): PlistDictionary {
  if (smime === 'locked') return {}
  return {
    SMIMESigningUserOverrideable: true,
    SMIMESigningCertificateUUIDUserOverrideable: true,
    // Spec: com.apple.eas.account.yaml describes this key as one that always encrypts.
    SMIMEEncryptByDefaultUserOverrideable: payload === 'mail' ? true : undefined,
    SMIMEEncryptionCertificateUUIDUserOverrideable: true,
    SMIMEEnableEncryptionPerMessageSwitch: true
  }
}

/**
 * Why: there is no password, because a profile that is not encrypted for one device is readable by everyone, and there are
 * no Prevent* or removal keys, because users cannot change what a profile sets.
 */
function mailKeys(incoming: Server, outgoing: Server, { domain, address, name, loginOf }: Person): PlistDictionary {
  const receivingLogin = logsIn(incoming) ? loginOf(incoming) : undefined
  const sendingLogin = logsIn(outgoing) ? loginOf(outgoing) : undefined
  return {
    EmailAccountDescription: address,
    EmailAccountName: name,
    EmailAccountType: incoming.protocol === 'imap' ? 'EmailTypeIMAP' : 'EmailTypePOP',
    EmailAddress: address,
    IncomingMailServerAuthentication: methodOf(incoming),
    IncomingMailServerHostName: expand(incoming.host, { '%EMAILDOMAIN%': domain }),
    IncomingMailServerIMAPPathPrefix: incoming.pathPrefix,
    IncomingMailServerPortNumber: incoming.port,
    IncomingMailServerUseSSL: useSsl(incoming),
    IncomingMailServerUsername: receivingLogin,
    OutgoingMailServerAuthentication: methodOf(outgoing),
    OutgoingMailServerHostName: expand(outgoing.host, { '%EMAILDOMAIN%': domain }),
    // Observed: without a port, iOS tries 25, 587 and 465 in this order.
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: useSsl(outgoing),
    OutgoingMailServerUsername: sendingLogin,
    OutgoingPasswordSameAsIncomingPassword: receivingLogin && sendingLogin && true
  }
}

/** Why: the value is true for STARTTLS, too. The key means "encrypt", the port decides how, and false allows plaintext. */
function useSsl({ security }: Server): boolean {
  return security !== 'none'
}

const methods: Partial<Record<Authentication, string>> = {
  password: 'EmailAuthPassword',
  'encrypted-password': 'EmailAuthCRAMMD5',
  ntlm: 'EmailAuthNTLM',
  none: 'EmailAuthNone'
}

/**
 * Why no preference for passwords, unlike in documents that many programs read: only Apple Mail reads this one, it supports all of
 * these methods (Device Management, "Mail": IncomingMailServerAuthentication), and the list of the table is "best first".
 */
function methodOf({ authentication }: Server): string | undefined {
  return authentication.map(method => methods[method]).find(method => method !== undefined)
}

function logsIn(server: Server): boolean {
  return methodOf(server) !== 'EmailAuthNone'
}

export type PayloadName = 'mail' | 'caldav' | 'carddav' | 'activesync'

/** Values that differ between people. */
export interface Person extends PersonTexts {
  readonly domain: string
  readonly address: string
  /** Undefined for a server without a login name. */
  readonly loginOf: (server: AnyServer) => string | undefined
  readonly name: string | undefined
}

/**
 * One account in a profile.
 *
 * Spec: apple/device-management, mdm/profiles/CommonPayloadKeys.yaml of Release_iOS-18-1_macOS-15-1 (b6202ca).
 */
export interface Payload {
  /** Last part of the identifier. */
  readonly name: PayloadName
  readonly type: string
  /** Keys that are specific to this type. */
  readonly keys: (person: Person) => PlistDictionary
}
