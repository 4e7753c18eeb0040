/**
 * How FairEmail reads documents: autoconfig with a state machine over the whole file, and autodiscover.
 * Observed: M66B/FairEmail e23dd9d, app/src/main/java/eu/faircode/email/EmailProvider.java: getISPDB,
 * getMSAutodiscovery.
 */

import { escapeXml } from '../../formats/xml.ts'
import { type PullEvent, pullXml } from './xml-pull.ts'

export interface Candidate extends Servers {
  readonly user: User
  readonly score: number
  readonly from: string
}

export interface Servers {
  readonly imap: Server
  readonly smtp: Server
}

export interface Server {
  readonly host: string
  readonly port: number
  readonly starttls: boolean
}

/** Observed: M66B/FairEmail e23dd9d, EmailProvider.java: UserType; `literal` is kept even if a placeholder follows. */
export interface User {
  readonly type: 'EMAIL' | 'LOCAL' | 'VALUE'
  readonly literal: string
}

export const noServer: Server = { host: '', port: 0, starttls: false }

/** Observed: …/EmailProvider.java: getISPDB, getMSAutodiscovery, fromDNS: these ports mean STARTTLS. */
export function isStarttlsPort(protocol: keyof Servers, port: number): boolean {
  return port === (protocol === 'imap' ? 143 : 587)
}

/** Observed: …/EmailProvider.java: validate: both servers are required. */
export function isValid({ imap, smtp }: Servers): boolean {
  return imap.host !== '' && imap.port > 0 && smtp.host !== '' && smtp.port > 0
}

/** @returns undefined if the program throws an error */
export function readClientConfig(body: string): (Servers & { readonly user: User }) | undefined {
  const events = pullXml(body)
  if (events === undefined) return undefined
  const servers = { imap: noServer, smtp: noServer }
  const seen = new Set<keyof Servers>()
  let current: keyof Servers | undefined
  for (const event of events) {
    const protocol = sections.get(event.name)
    if (protocol !== undefined) {
      // Observed: `hasImap` and `hasSmtp` are set at the end of the first server of any type, and later servers are
      // not read.
      current = event.kind === 'start' && event.type === protocol && !seen.has(protocol) ? protocol : undefined
      if (event.kind === 'end') seen.add(protocol)
    } else if (current !== undefined && event.kind === 'start' && event.text !== undefined) {
      servers[current] = { ...servers[current], ...readValue(current, event.name, event.text) }
    }
  }
  return isValid(servers) ? { ...servers, user: readUser(events) } : undefined
}

const sections: ReadonlyMap<string, keyof Servers> = new Map([
  ['incomingServer', 'imap'],
  ['outgoingServer', 'smtp']
])

/** Observed: texts are not trimmed, and placeholders in host names are not replaced. */
function readValue(protocol: keyof Servers, element: string, text: string): Partial<Server> {
  if (element === 'hostname') return { host: text }
  if (element === 'port') {
    // Observed: Integer.parseInt allows no white space, and its exception ends parsing.
    const port = /^\+?\d+$/.test(text) ? Number(text) : Number.NaN
    // Observed: each port sets a new guess, which overwrites a previous socketType.
    return { port, starttls: isStarttlsPort(protocol, port) }
  }
  // Observed: any other socketType, including plain, does not change the guess.
  if (element === 'socketType' && text === 'SSL') return { starttls: false }
  if (element === 'socketType' && text === 'STARTTLS') return { starttls: true }
  return {}
}

/** Observed: the last `<username>` of any element in the file is used. */
function readUser(events: readonly PullEvent[]): User {
  const names = events.flatMap(event => (event.kind === 'start' && event.name === 'username' ? (event.text ?? []) : []))
  const literal = names.findLast(name => !placeholders.has(name)) ?? ''
  return { type: placeholders.get(names.at(-1) ?? '%EMAILADDRESS%') ?? 'VALUE', literal }
}

const placeholders: ReadonlyMap<string, User['type']> = new Map([
  ['%EMAILADDRESS%', 'EMAIL'],
  ['%EMAILLOCALPART%', 'LOCAL']
])

export function autodiscoverRequest(address: string): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>',
    `<EMailAddress>${escapeXml(address)}</EMailAddress>`,
    '<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a',
    '</AcceptableResponseSchema></Request></Autodiscover>'
  ].join('')
}

interface Protocol {
  readonly type?: string
  readonly host?: string
  readonly port?: number
}

/** @returns undefined if the program throws an error */
export function readAutodiscover(body: string): Servers | undefined {
  const servers = { imap: noServer, smtp: noServer }
  let account = { isOpen: false, isEmail: false, isSettings: false }
  let protocol: Protocol | undefined
  for (const event of pullXml(body) ?? []) {
    const { kind, name } = event
    if (name === 'Account') account = { isOpen: kind === 'start', isEmail: false, isSettings: false }
    if (name === 'Protocol' && kind === 'end') Object.assign(servers, protocol && serverOf(protocol))
    if (name === 'Protocol') protocol = kind === 'start' && account.isOpen ? {} : undefined
    if (kind === 'end' || !account.isOpen) continue
    // Observed: texts are compared without trimming.
    if (name === 'AccountType' && event.text === 'email') account = { ...account, isEmail: true }
    if (name === 'Action' && event.text === 'settings') account = { ...account, isSettings: true }
    // Observed: elements before AccountType and Action are ignored.
    if (protocol && account.isEmail && account.isSettings)
      protocol = { ...protocol, ...readProtocolValue(name, event.text) }
  }
  return isValid(servers) ? servers : undefined
}

function readProtocolValue(element: string, text: string | undefined): Protocol {
  if (text === undefined) return {}
  if (element === 'Type') return { type: text }
  if (element === 'Server') return { host: text }
  // Observed: TextUtils.isDigitsOnly. SSL, Encryption and LoginName are not read.
  return element === 'Port' && /^\d+$/.test(text) ? { port: Number(text) } : {}
}

/** Observed: a later Protocol replaces an earlier one of the same type. */
function serverOf({ type, host, port }: Protocol): Partial<Servers> {
  if (host === undefined || port === undefined) return {}
  if (type === 'IMAP') return { imap: { host, port, starttls: isStarttlsPort('imap', port) } }
  return type === 'SMTP' ? { smtp: { host, port, starttls: isStarttlsPort('smtp', port) } } : {}
}
