/**
 * A mail account in an Apple profile: apple/device-management, com.apple.mail.managed.yaml (iOS 18.1, macOS 15.1).
 */
import type { PlistDictionary } from '../../formats/plist.ts'
import { expand } from '../../settings/placeholder.ts'
import { type Provider, preferred, type Server } from '../../settings/provider.ts'
import type { Authentication } from '../../settings/schema.ts'
import type { Payload, Person } from './payload.ts'

/** @returns undefined where a device could not both receive and send */
export function mailPayload(provider: Provider): Payload | undefined {
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (incoming === undefined || outgoing === undefined) return undefined
  // Observed: com.apple.mail.managed has no OAuth key and no other way to log in than these.
  if (methodOf(incoming) === undefined || methodOf(outgoing) === undefined) return undefined
  return { name: 'mail', type: 'com.apple.mail.managed', keys: person => keys(incoming, outgoing, person) }
}

/**
 * No password: a profile that is not encrypted for one device is readable by everybody. No SMIME*, Prevent* or removal
 * keys: what a profile sets, its user can no longer change.
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
    IncomingMailServerPortNumber: incoming.port,
    IncomingMailServerUseSSL: useSsl(incoming),
    IncomingMailServerUsername: receivingLogin,
    OutgoingMailServerAuthentication: methodOf(outgoing),
    OutgoingMailServerHostName: expand(outgoing.host, { '%EMAILDOMAIN%': domain }),
    // Observed: without a port, iOS tries 25, 587 and 465 in that order.
    OutgoingMailServerPortNumber: outgoing.port,
    OutgoingMailServerUseSSL: useSsl(outgoing),
    OutgoingMailServerUsername: sendingLogin,
    OutgoingPasswordSameAsIncomingPassword: receivingLogin && sendingLogin && true
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
