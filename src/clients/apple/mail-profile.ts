/**
 * A configuration profile as iPhone, iPad and Mac read it: apple/device-management b6202ca, mdm/profiles/TopLevel.yaml,
 * CommonPayloadKeys.yaml and com.apple.mail.managed.yaml. Why strict: what devices forgive is written nowhere.
 */
import type { Plist, PlistDictionary } from '../../formats/plist.ts'
import type { FoundServer } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { Refusal } from '../model/refusal.ts'
import { readPropertyList } from '../xml/property-list.ts'

const end = '</plist>'

/** @returns the servers of the first mail account in it. @throws `Refusal` */
export function readMailProfile(body: string): Servers {
  // Why a part: a signed profile (CMS, RFC 5652) holds the same text in one piece.
  const start = Math.max(0, body.indexOf('<?xml'))
  const profile = readPropertyList(body.slice(start, body.lastIndexOf(end) + end.length))
  if (profile === undefined) throw new Refusal('no property list')
  checkPayload(profile)
  if (profile.PayloadType !== 'Configuration') throw new Refusal(`PayloadType ${profile.PayloadType}`)
  const payloads = dictionariesOf(profile.PayloadContent)
  for (const payload of payloads) checkPayload(payload)
  const mail = payloads.find(({ PayloadType }) => PayloadType === 'com.apple.mail.managed')
  if (mail === undefined) throw new Refusal('no mail account')
  const type = required(mail, 'EmailAccountType', 'string')
  if (type !== 'EmailTypeIMAP' && type !== 'EmailTypePOP') throw new Refusal(`EmailAccountType ${type}`)
  return {
    incoming: readServer(mail, 'Incoming', type === 'EmailTypeIMAP' ? 'imap' : 'pop3'),
    outgoing: readServer(mail, 'Outgoing', 'smtp')
  }
}

function dictionariesOf(content: Plist | undefined): PlistDictionary[] {
  const isDictionary = (item: Plist) => typeof item === 'object' && !Array.isArray(item)
  return Array.isArray(content) ? content.filter(isDictionary) : []
}

function checkPayload(payload: PlistDictionary): void {
  for (const key of ['PayloadType', 'PayloadIdentifier', 'PayloadUUID']) required(payload, key, 'string')
  const version = required(payload, 'PayloadVersion', 'number')
  if (version !== 1) throw new Refusal(`PayloadVersion ${version}`)
}

function readServer(
  mail: PlistDictionary,
  side: 'Incoming' | 'Outgoing',
  protocol: 'imap' | 'pop3' | 'smtp'
): FoundServer {
  const method = required(mail, `${side}MailServerAuthentication`, 'string')
  if (!methods.has(method)) throw new Refusal(`${side}MailServerAuthentication ${method}`)
  const usesSsl = optional(mail, `${side}MailServerUseSSL`, 'boolean') ?? false
  const port = optional(mail, `${side}MailServerPortNumber`, 'number') ?? defaultPorts[protocol][usesSsl ? 1 : 0]
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Refusal(`${side}MailServerPortNumber ${port}`)
  const username = optional(mail, `${side}MailServerUsername`, 'string')
  return {
    protocol,
    host: required(mail, `${side}MailServerHostName`, 'string'),
    port,
    // Observed: the key switches encryption on, the port decides which; without it a connection in clear is allowed.
    security: usesSsl ? (startTlsPorts.has(port) ? 'starttls' : 'tls') : 'none',
    // Spec: without a name the device asks for one, where it logs in at all.
    username: method === 'EmailAuthNone' ? undefined : username
  }
}

const methods = new Set(['EmailAuthNone', 'EmailAuthPassword', 'EmailAuthCRAMMD5', 'EmailAuthNTLM', 'EmailAuthHTTPMD5'])
const startTlsPorts = new Set([25, 110, 143, 587])

/** Without UseSSL and with. Spec: OutgoingMailServerPortNumber: "ports 25, 587 and 465, in this order": the first here. */
const defaultPorts = { imap: [143, 993], pop3: [110, 995], smtp: [25, 25] } as const

interface Types {
  readonly string: string
  readonly number: number
  readonly boolean: boolean
}

function optional<Name extends keyof Types>(from: PlistDictionary, key: string, type: Name): Types[Name] | undefined {
  const value = from[key]
  if (value === undefined) return undefined
  if (!isOfType(value, type)) throw new Refusal(`${key} is no ${type}`)
  return value
}

function required<Name extends keyof Types>(from: PlistDictionary, key: string, type: Name): Types[Name] {
  const value = optional(from, key, type)
  if (value === undefined || value === '') throw new Refusal(`no ${key}`)
  return value
}

function isOfType<Name extends keyof Types>(value: Plist, type: Name): value is Plist & Types[Name] {
  return typeof value === type
}
