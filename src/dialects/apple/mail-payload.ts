/**
 * A mail account in an Apple profile: apple/device-management, com.apple.mail.managed.yaml (iOS 18.1, macOS 15.1).
 */
import type { PlistDictionary } from '../../formats/plist.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { Authentication } from '../../settings/schema.ts'

/** @returns undefined if a device could not both receive and send mail */
export function mailPayload(provider: Provider): Payload | undefined {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (incoming === undefined || outgoing === undefined) return undefined
  // Observed: com.apple.mail.managed has no key for OAuth and only these authentication methods.
  if (methodOf(incoming) === undefined || methodOf(outgoing) === undefined) return undefined
  return { name: 'mail', type: 'com.apple.mail.managed', keys: person => keys(incoming, outgoing, person) }
}

/**
 * Why: there is no password, because a profile that is not encrypted for one device is readable by everyone, and there are
 * no SMIME*, Prevent* or removal keys, because users cannot change what a profile sets.
 */
function keys(incoming: Server, outgoing: Server, { domain, address, login, name }: Person): PlistDictionary {
  const receivingLogin = logsIn(incoming) ? login : undefined
  const sendingLogin = logsIn(outgoing) ? login : undefined
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

function methodOf({ authentication }: Server): string | undefined {
  return authentication.map(method => methods[method]).find(method => method !== undefined)
}

function logsIn(server: Server): boolean {
  return methodOf(server) !== 'EmailAuthNone'
}

export type PayloadName = 'mail' | 'caldav' | 'carddav' | 'activesync'

/** Values that differ between people. */
export interface Person {
  readonly domain: string
  readonly address: string
  readonly login: string
  readonly name: string | undefined
}

/**
 * One account in a profile.
 *
 * Spec: apple/device-management, mdm/profiles/CommonPayloadKeys.yaml (iOS 18.1, macOS 15.1).
 */
export interface Payload {
  /** Last part of the identifier. */
  readonly name: PayloadName
  readonly type: string
  /** Keys that are specific to this type. */
  readonly keys: (person: Person) => PlistDictionary
}
