/**
 * The servers of one payload of an Apple profile.
 */
import { percentDecode } from '../../../formats/query.ts'
import type { Address } from '../../../settings/address.ts'
import type { Authentication, Security, ServerSettings } from '../../../settings/schema.ts'
import type { ImportedServer } from '../../imported.ts'
import type { Reading } from '../../notes.ts'
import { usernameRule } from '../../username-rule.ts'
import type { Payload } from './payload.ts'

export interface Owner {
  /** Undefined where the profile says nothing: the device asks. */
  readonly address: Address | undefined
}

/** @returns none where the payload is of another type, or has no server that the table can tell */
export function payloadServers(payload: Payload, owner: Owner, reading: Reading): ImportedServer[] {
  const servers = readersOf({ payload, owner, reading }).get(payload.type)?.()
  if (servers === undefined) {
    reading.drop(
      payload,
      `payload ${payload.type || 'without a type'}`,
      'expected mail, CalDAV, CardDAV or Exchange ActiveSync'
    )
    return []
  }
  payload.dropOthers()
  return servers.filter(server => server !== undefined)
}

function readersOf(known: Known) {
  return new Map<string, () => (ImportedServer | undefined)[]>([
    ['com.apple.mail.managed', () => readMail(known)],
    ['com.apple.caldav.account', () => [readDav('caldav', 'CalDAV', known)]],
    ['com.apple.carddav.account', () => [readDav('carddav', 'CardDAV', known)]],
    ['com.apple.eas.account', () => [readExchange(known)]]
  ])
}

interface Known {
  readonly payload: Payload
  readonly owner: Owner
  readonly reading: Reading
}

function readMail(known: Known): (ImportedServer | undefined)[] {
  const { payload } = known
  payload.isTrue('OutgoingPasswordSameAsIncomingPassword', false)
  const protocol = payload.text('EmailAccountType') === 'EmailTypePOP' ? 'pop3' : 'imap'
  return [readMailServer('Incoming', protocol, known), readMailServer('Outgoing', 'smtp', known)]
}

function readMailServer(
  side: 'Incoming' | 'Outgoing',
  protocol: 'imap' | 'pop3' | 'smtp',
  known: Known
): ImportedServer | undefined {
  const { payload, reading } = known
  const key = (name: string) => `${side}MailServer${name}`
  const host = payload.text(key('HostName')) ?? ''
  const port = payload.number(key('PortNumber'))
  const method = payload.text(key('Authentication')) ?? ''
  const usesSsl = payload.isTrue(key('UseSSL'), false)
  const username = ruleOf(payload.text(key('Username')), known)
  const authentication = methods.get(method)
  if (authentication === undefined) {
    reading.drop(payload, `${protocol} ${host}`.trimEnd(), `the table has no method ${method || 'that is not named'}`)
    return undefined
  }
  const security = usesSsl ? encryptedOn(port) : 'none'
  const value: ServerSettings = {
    protocol,
    host,
    ...(port !== undefined && { port }),
    security,
    authentication: [authentication],
    ...(security === 'none' && { allowPlaintext: true })
  }
  const note = security === 'none' ? 'The profile demands no encryption; if the server has it, take it.' : undefined
  return { ...reading.part(value, payload, note), username: authentication === 'none' ? undefined : username }
}

const methods = new Map(
  Object.entries<Authentication>({
    EmailAuthPassword: 'password',
    EmailAuthCRAMMD5: 'encrypted-password',
    EmailAuthNTLM: 'ntlm',
    EmailAuthNone: 'none'
  })
)

/** Observed: the key switches encryption on, the port decides which. */
function encryptedOn(port: number | undefined): Security {
  return port !== undefined && [25, 110, 143, 587].includes(port) ? 'starttls' : 'tls'
}

function readDav(protocol: 'caldav' | 'carddav', prefix: string, known: Known): ImportedServer | undefined {
  const { payload, reading } = known
  const host = payload.text(`${prefix}HostName`) ?? ''
  const port = payload.number(`${prefix}Port`) ?? 443
  const username = ruleOf(payload.text(`${prefix}Username`), known)
  const path = pathOf(payload.text(`${prefix}PrincipalURL`), known)
  if (!payload.isTrue(`${prefix}UseSSL`, true)) {
    reading.drop(payload, `${protocol} ${host}`, 'it is without TLS, and the table has https alone')
    return undefined
  }
  const url = `https://${host}${port === 443 ? '' : `:${port}`}${path}`
  return { ...reading.part({ protocol, url }, payload), username }
}

/** Why not the path of one person: in a URL of the table nothing but the domain is replaced. */
function pathOf(principal: string | undefined, { payload, owner, reading }: Known): string {
  if (principal === undefined || !URL.canParse(principal, 'https://example.com')) return '/'
  const { pathname } = new URL(principal, 'https://example.com')
  const { address } = owner
  const path = (percentDecode(pathname) ?? pathname).toLowerCase()
  if (address === undefined || !path.includes(address.localPart.toLowerCase())) return pathname
  reading.drop(
    payload,
    `${payload.type} PrincipalURL ${principal}`,
    "it is one person's; programs find it by themselves"
  )
  return '/'
}

/** Spec: MS-ASHTTP 2.2.1.1.1: the path is the same everywhere. */
function readExchange(known: Known): ImportedServer | undefined {
  const { payload, reading } = known
  const host = payload.text('Host') ?? ''
  const username = ruleOf(payload.text('UserName'), known)
  const isOauth = payload.isTrue('OAuth', false)
  if (!payload.isTrue('SSL', false)) {
    reading.drop(payload, `activesync ${host}`, 'it is without TLS, and the table has https alone')
    return undefined
  }
  const value: ServerSettings = {
    protocol: 'activesync',
    url: `https://${host}/Microsoft-Server-ActiveSync`,
    authentication: [isOauth ? 'oauth2' : 'password']
  }
  return { ...reading.part(value, payload), username }
}

function ruleOf(login: string | undefined, { payload, owner, reading }: Known): string | undefined {
  if (login === undefined) return undefined
  const rule = owner.address && usernameRule(login, owner.address)
  if (rule === undefined) reading.drop(payload, 'user name', 'it does not come from the address; all would have it')
  return rule
}
