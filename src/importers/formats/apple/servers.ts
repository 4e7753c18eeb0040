/**
 * The servers of one payload of an Apple profile.
 */
import type { Authentication, Security, ServerSettings } from '../../../settings/schema.ts'
import type { ImportLog } from '../../import-log.ts'
import type { ImportedServer } from '../../imported.ts'
import { type Owner, pathForEveryone } from '../../owner.ts'
import { usernamePattern } from '../../username-pattern.ts'
import type { Payload } from './payload.ts'

/** @returns none if the payload has another type, or no server that the table can express */
export function payloadServers(payload: Payload, owner: Owner, log: ImportLog): ImportedServer[] {
  const servers = readersOf({ payload, owner, log }).get(payload.type)?.()
  if (servers === undefined) {
    log.drop(
      payload,
      `payload ${payload.type || 'without a type'}`,
      'expected mail, CalDAV, CardDAV or Exchange ActiveSync'
    )
    return []
  }
  for (const key of smimeSwitches) payload.isTrue(key, false)
  payload.dropOthers()
  return servers.filter(server => server !== undefined)
}

/** Keys that leave S/MIME to the user, and that `apple.smime` stands for. */
export const smimeSwitches = [
  'SMIMESigningUserOverrideable',
  'SMIMESigningCertificateUUIDUserOverrideable',
  'SMIMEEncryptByDefaultUserOverrideable',
  'SMIMEEncryptionCertificateUUIDUserOverrideable',
  'SMIMEEnableEncryptionPerMessageSwitch'
]

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
  readonly log: ImportLog
}

function readMail(known: Known): (ImportedServer | undefined)[] {
  const { payload } = known
  payload.isTrue('OutgoingPasswordSameAsIncomingPassword', false)
  const protocol = isPop(payload) ? 'pop3' : 'imap'
  return [readMailServer('Incoming', protocol, known), readMailServer('Outgoing', 'smtp', known)]
}

/** Why the port: a profile that was written by hand may lack the type, or have it in another letter case. */
function isPop(payload: Payload): boolean {
  const type = payload.text('EmailAccountType')
  const port = payload.number('IncomingMailServerPortNumber')
  return type === undefined ? port === 110 || port === 995 : type.toLowerCase() === 'emailtypepop'
}

function readMailServer(
  side: 'Incoming' | 'Outgoing',
  protocol: 'imap' | 'pop3' | 'smtp',
  known: Known
): ImportedServer | undefined {
  const { payload, log } = known
  const key = (name: string) => `${side}MailServer${name}`
  const host = payload.text(key('HostName')) ?? ''
  const port = payload.number(key('PortNumber'))
  const method = payload.text(key('Authentication')) ?? ''
  const usesSsl = payload.isTrue(key('UseSSL'), false)
  const pathPrefix = protocol === 'imap' ? payload.text(key('IMAPPathPrefix')) : undefined
  const username = patternOf(payload.text(key('Username')), known)
  const authentication = methods.get(method)
  if (Number.isNaN(port)) return undefined
  if (authentication === undefined) {
    log.drop(
      payload,
      `${protocol} ${host}`.trimEnd(),
      method === '' ? 'it has no authentication method' : `the table has no method ${method}`
    )
    return undefined
  }
  const security = usesSsl ? encryptedOn(port) : 'none'
  const value: ServerSettings = {
    protocol,
    host,
    ...(port !== undefined && { port }),
    security,
    authentication: [authentication],
    ...(pathPrefix !== undefined && { pathPrefix }),
    ...(security === 'none' && { allowPlaintext: true })
  }
  const note =
    security === 'none' ? 'The profile does not require encryption. If the server supports it, use it.' : undefined
  return { ...log.part(value, payload, note), username: authentication === 'none' ? undefined : username }
}

const methods = new Map(
  Object.entries<Authentication>({
    EmailAuthPassword: 'password',
    EmailAuthCRAMMD5: 'encrypted-password',
    EmailAuthNTLM: 'ntlm',
    EmailAuthNone: 'none'
  })
)

/** Observed: the key turns on encryption, and the port decides between TLS and STARTTLS. */
function encryptedOn(port: number | undefined): Security {
  return port !== undefined && [25, 110, 143, 587].includes(port) ? 'starttls' : 'tls'
}

function readDav(protocol: 'caldav' | 'carddav', prefix: string, known: Known): ImportedServer | undefined {
  const { payload, log } = known
  const host = payload.text(`${prefix}HostName`) ?? ''
  const port = payload.number(`${prefix}Port`) ?? 443
  const username = patternOf(payload.text(`${prefix}Username`), known)
  const path = pathOf(payload.text(`${prefix}PrincipalURL`), known)
  if (!payload.isTrue(`${prefix}UseSSL`, true)) {
    log.drop(payload, `${protocol} ${host}`, 'it does not use TLS, and the table supports only https')
    return undefined
  }
  if (Number.isNaN(port)) return undefined
  const url = `https://${host}${port === 443 ? '' : `:${port}`}${path}`
  return { ...log.part({ protocol, url }, payload), username }
}

/** @returns the path with placeholders for the owner; `/` if it contains the local part only inside longer words */
function pathOf(principal: string | undefined, { payload, owner, log }: Known): string {
  if (principal === undefined || !URL.canParse(principal, 'https://example.com')) return '/'
  const { pathname } = new URL(principal, 'https://example.com')
  const path = pathForEveryone(pathname, owner)
  if (path !== undefined) return path
  log.drop(payload, `${payload.type} PrincipalURL ${principal}`, 'it belongs to a single person; programs discover it')
  return '/'
}

/** Spec: MS-ASHTTP 2.2.1.1.1: the path is the same on all servers. */
function readExchange(known: Known): ImportedServer | undefined {
  const { payload, log } = known
  const host = payload.text('Host') ?? ''
  const username = patternOf(payload.text('UserName'), known)
  const isOauth = payload.isTrue('OAuth', false)
  if (!payload.isTrue('SSL', false)) {
    log.drop(payload, `activesync ${host}`, 'it does not use TLS, and the table supports only https')
    return undefined
  }
  const value: ServerSettings = {
    protocol: 'activesync',
    url: `https://${host}/Microsoft-Server-ActiveSync`,
    authentication: [isOauth ? 'oauth2' : 'password']
  }
  return { ...log.part(value, payload), username }
}

function patternOf(login: string | undefined, { payload, owner, log }: Known): string | undefined {
  if (login === undefined) return undefined
  const pattern = owner.address && usernamePattern(login, owner.address)
  if (pattern === undefined)
    log.drop(payload, 'user name', 'it does not contain the address, so everyone would get the same one')
  return pattern
}
