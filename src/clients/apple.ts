/**
 * Apple Mail on iPhone, iPad and Mac, with a configuration profile. The program itself contacts only Apple's servers: the
 * person opens a link and confirms the profile.
 */
import type { Plist, PlistDictionary } from '../formats/plist.ts'
import { type Client, type FoundAccount, type FoundServer, type Mailbox, orRefusal, Refusal } from './model/client.ts'
import type { Servers } from './model/parallel-search.ts'
import { createDiscover, type Tracer } from './model/tracer.ts'
import { readPropertyList } from './xml/property-list.ts'

export const apple: Client = {
  name: 'apple',
  title: 'Apple Mail (profile)',
  release: 'iOS 18.1 and macOS 15.1',
  source: 'apple/device-management b6202ca (2024-10-21, iOS 18.1, macOS 15.1)',
  takes: 'the mail account of the profile that a person opens',
  discover: createDiscover(search)
}

async function search({ address, domain }: Mailbox, tracer: Tracer): Promise<FoundAccount | string> {
  // Why: there is no standard URL. Signpost and autodiscover-email-settings serve profiles at this one.
  const url = `https://autoconfig.${domain}/email.mobileconfig?email=${encodeURIComponent(address)}`
  const { response } = await tracer.follow({ method: 'GET', url, headers: {} }, { most: 20 })
  if (response?.status !== 200) return 'no profile'
  const type = response.headers['content-type'] ?? ''
  // Observed: Safari opens only this type in the installer, with or without parameters, and saves other types as files.
  const profile = /^application\/x-apple-aspen-config(?:$|[\s;])/.test(type)
    ? orRefusal(() => readMailProfile(response.body))
    : new Refusal(`content-type ${type}`)
  if (profile instanceof Refusal) {
    tracer.note(`refused: ${profile.message}`)
    return profile.message
  }
  tracer.note('used')
  return { ...profile, from: url }
}

const end = '</plist>'

/**
 * Reads a configuration profile.
 *
 * Spec: apple/device-management b6202ca, mdm/profiles/TopLevel.yaml, CommonPayloadKeys.yaml and
 * com.apple.mail.managed.yaml. Why: this is strict because the tolerance of devices is not documented.
 * @returns the servers of the first mail account
 * @throws `Refusal`
 */
export function readMailProfile(body: string): Servers {
  // Why: only the plain text is read, because signed profiles (CMS, RFC 5652) contain it in one piece.
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
    // Observed: the key enables encryption and the port decides which kind. Without the key, plaintext is allowed.
    security: usesSsl ? (startTlsPorts.has(port) ? 'starttls' : 'tls') : 'none',
    // Spec: without a user name, the device asks the person for one, unless the server needs no login.
    username: method === 'EmailAuthNone' ? undefined : username
  }
}

const methods = new Set(['EmailAuthNone', 'EmailAuthPassword', 'EmailAuthCRAMMD5', 'EmailAuthNTLM', 'EmailAuthHTTPMD5'])
const startTlsPorts = new Set([25, 110, 143, 587])

/**
 * The default ports without UseSSL and with it. Spec: OutgoingMailServerPortNumber: "ports 25, 587 and 465, in this
 * order". The first one is used here.
 */
const defaultPorts = { imap: [143, 993], pop3: [110, 995], smtp: [25, 25] } as const

interface Types {
  readonly string: string
  readonly number: number
  readonly boolean: boolean
}

function optional<Name extends keyof Types>(from: PlistDictionary, key: string, type: Name): Types[Name] | undefined {
  const value = from[key]
  if (value === undefined) return undefined
  if (!isOfType(value, type)) throw new Refusal(`${key} is not a ${type}`)
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
