/**
 * The account as Thunderbird for Android imports it from a QR code: "Export for Mobile" QR code format, version 1
 * (thunderbird-android, feature/migration/qrcode/qr-code-format.md, 2025-02-06). The program asks for the password.
 */
import { loginName } from '../../settings/account.ts'
import type { Address } from '../../settings/address.ts'
import { toPersonName } from '../../settings/person-name.ts'
import { expand } from '../../settings/placeholder.ts'
import { preferred, type Server } from '../../settings/provider.ts'
import type { Authentication, Security } from '../../settings/schema.ts'
import { badName, type QrPayload, type QrSubject } from '../qr-payload.ts'

// Observed: Thunderbird's own writer (QRExport, 2025) stops at about as many: phones fail at denser codes.
const payloadLimit = 800

/** The same servers and user name as in the document of Thunderbird autoconfig. */
export function thunderbirdQr(subject: QrSubject): QrPayload {
  const { provider, domain, address, personName } = subject
  if (!provider.dialects.thunderbird) return { reason: 'Thunderbird is switched off for this domain' }
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  if (incoming === undefined) return { reason: 'there is no imap or pop3 server' }
  if (outgoing === undefined) return { reason: 'there is no smtp server' }
  const unreadable = unreadableAddress(address)
  if (unreadable !== undefined) return { reason: unreadable }
  const displayName = personName === undefined ? address.text : toPersonName(personName)
  if (displayName === undefined) return badName
  const servers = []
  for (const server of [incoming, outgoing]) {
    const authentication = authenticationCode(server)
    if (authentication === undefined) return { reason: unknownAuthentication(server) }
    const host = expand(server.host, { '%EMAILDOMAIN%': domain })
    const security = securityCodes[server.security]
    servers.push([protocolCode(server), host, server.port, security, authentication, loginName(subject, address)])
  }
  const [receiving, sending] = servers
  const payload = toAscii(JSON.stringify([1, [1, 1], receiving, [[sending, [address.text, displayName]]]]))
  if (payload.length > payloadLimit) {
    return { reason: `it would be ${payload.length} characters, of which phones read ${payloadLimit}` }
  }
  return { payload }
}

/** Observed: Thunderbird for Android (EmailAddressParser, 2025) refuses the whole code for one such address. */
function unreadableAddress({ localPart }: Address): string | undefined {
  if (/[^\x21-\x7e]/.test(localPart)) return 'Thunderbird for Android reads ASCII addresses only'
  if (/^\.|\.\.|\.$/.test(localPart)) return 'Thunderbird for Android reads dots only between other characters'
  return undefined
}

function protocolCode({ protocol }: Server): number {
  return protocol === 'pop3' ? 1 : 0
}

const securityCodes: Record<Security, number> = { tls: 3, starttls: 2, none: 0 }

// Observed: Thunderbird for Android (IntValueMapper, 2025) refuses the whole code for Gssapi (3) and Ntlm (4).
const authenticationCodes: Partial<Record<Authentication, number>> = {
  none: 0,
  password: 1,
  'encrypted-password': 2,
  'client-certificate': 5,
  oauth2: 6
}

/** Why passwords first: Thunderbird for Android knows OAuth2 only for hosts in a table of its own. */
function authenticationCode({ authentication }: Server): number | undefined {
  const passwords = authentication.filter(method => method === 'password' || method === 'encrypted-password')
  return [...passwords, ...authentication].map(method => authenticationCodes[method]).find(code => code !== undefined)
}

function unknownAuthentication({ protocol, authentication }: Server): string {
  return `Thunderbird for Android cannot log in to ${protocol} with ${authentication.join(' or ')}`
}

/** Why: a QR code does not say which character set it is in, and readers guess. */
function toAscii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
