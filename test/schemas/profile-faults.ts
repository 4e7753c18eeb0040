/**
 * What is wrong with an unsigned Apple profile for one person's accounts: plist.dtd, the keys of apple/device-management
 * (mdm/profiles, iOS 18.1 and macOS 15.1), and what experience adds.
 */
import { readFileSync } from 'node:fs'
import { DtdValidator, XmlDocument, XmlDtd } from 'libxml2-wasm'
import { type PlistValue, parse } from 'plist'
import { schemaFaults } from './schema-faults.ts'

const dtd = new DtdValidator(XmlDtd.fromBuffer(readFileSync(new URL('plist.dtd', import.meta.url))))

const beginning = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
`

export function profileFaults(body: string): string[] {
  const invalid = schemaFaults(dtd, body)
  if (invalid.length > 0) return invalid
  const faults = syntaxFaults(body)
  if (faults.length > 0) return faults
  const profile = parse(body)
  if (!isDictionary(profile)) return ['the root is no dictionary']
  const payloads = Array.isArray(profile.PayloadContent) ? profile.PayloadContent.filter(isDictionary) : []
  return [
    ...keyFaults(profile, profileKeys),
    ...(profile.PayloadType === 'Configuration' ? [] : ['PayloadType is not Configuration']),
    ...identityFaults(profile, payloads),
    ...setFaults(payloads.map(({ PayloadType }) => String(PayloadType))),
    ...payloads.flatMap(payload => keyFaults(payload, payloadKeys[String(payload.PayloadType)] ?? {})),
    ...payloads.filter(({ PayloadType }) => PayloadType === mailType).flatMap(mailFaults)
  ]
}

function setFaults(types: readonly string[]): string[] {
  return [
    ...(new Set(types).size === types.length ? [] : ['two payloads of one type']),
    ...(types.includes(mailType) || types.includes(exchangeType) ? [] : ['no mail'])
  ]
}

function syntaxFaults(body: string): string[] {
  using document = XmlDocument.fromString(body)
  const repeated = document.find('//dict/key[. = preceding-sibling::key]').map(key => key.content)
  return [
    ...(body.startsWith(beginning) ? [] : ['another beginning']),
    ...(/<!(?!DOCTYPE)|<!ENTITY|<\?(?!xml )/.test(body) ? ['an entity, comment, CDATA or instruction'] : []),
    ...(/<(integer|real|string|data|date)(\/|><)/.test(body) ? ['an empty value'] : []),
    ...(body.includes('<real>') ? ['a real number'] : []),
    ...repeated.map(key => `${key} twice`)
  ]
}

type Dictionary = { [key: string]: PlistValue }
type Kind = 'text' | 'integer' | 'boolean' | 'list' | 'uuid' | 'identifier' | RegExp

const required = true
const commonKeys: Record<string, [Kind, required?: boolean]> = {
  PayloadDescription: ['text'],
  PayloadDisplayName: ['text'],
  PayloadIdentifier: ['identifier', required],
  PayloadOrganization: ['text'],
  PayloadType: ['text', required],
  PayloadUUID: ['uuid', required],
  PayloadVersion: [/^1$/, required]
}

/** Left out on purpose: removal keys, expiry, consent, encryption and scope. */
const profileKeys: typeof commonKeys = { ...commonKeys, PayloadContent: ['list', required] }

const smimeSwitches: typeof commonKeys = {
  SMIMESigningUserOverrideable: [/^true$/],
  SMIMESigningCertificateUUIDUserOverrideable: [/^true$/],
  SMIMEEncryptionCertificateUUIDUserOverrideable: [/^true$/],
  SMIMEEnableEncryptionPerMessageSwitch: [/^true$/]
}

const authentication = /^EmailAuth(?:None|Password|CRAMMD5|NTLM)$/

/** Left out on purpose: passwords, and Prevent* and allowMailDrop, which the person could no longer change. */
const mailKeys: typeof commonKeys = {
  ...commonKeys,
  EmailAccountDescription: ['text'],
  EmailAccountName: ['text'],
  EmailAccountType: [/^EmailType(?:IMAP|POP)$/, required],
  EmailAddress: ['text'],
  IncomingMailServerAuthentication: [authentication, required],
  IncomingMailServerIMAPPathPrefix: ['text'],
  IncomingMailServerHostName: [/^[a-z0-9.-]+$/, required],
  IncomingMailServerPortNumber: ['integer', required],
  IncomingMailServerUseSSL: ['boolean', required],
  IncomingMailServerUsername: ['text'],
  OutgoingMailServerAuthentication: [authentication, required],
  OutgoingMailServerHostName: [/^[a-z0-9.-]+$/, required],
  OutgoingMailServerPortNumber: ['integer', required],
  OutgoingMailServerUseSSL: ['boolean', required],
  OutgoingMailServerUsername: ['text'],
  OutgoingPasswordSameAsIncomingPassword: ['boolean'],
  ...smimeSwitches,
  SMIMEEncryptByDefaultUserOverrideable: [/^true$/]
}

const host: [Kind, required?: boolean] = [/^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])$/, required]
const yes: [Kind, required?: boolean] = [/^true$/, required]

/** Left out on purpose: passwords. Principal URLs are paths with the user in them. */
const davKeys = (prefix: 'CalDAV' | 'CardDAV'): typeof commonKeys => ({
  ...commonKeys,
  [`${prefix}AccountDescription`]: ['text'],
  [`${prefix}HostName`]: host,
  [`${prefix}Port`]: ['integer', required],
  [`${prefix}PrincipalURL`]: [/^\/[!-~]*$/],
  [`${prefix}UseSSL`]: yes,
  [`${prefix}Username`]: ['text']
})

const exchangeKeys: typeof commonKeys = {
  ...commonKeys,
  EmailAddress: ['text'],
  EnableCalendars: [/^false$/],
  EnableContacts: [/^false$/],
  EnableMail: [/^false$/],
  EnableReminders: [/^false$/],
  Host: host,
  OAuth: [/^true$/],
  OAuthSignInURL: [/^https:/],
  OAuthTokenRequestURL: [/^https:/],
  SSL: yes,
  ...smimeSwitches,
  UserName: ['text']
}

const mailType = 'com.apple.mail.managed'
const exchangeType = 'com.apple.eas.account'
const payloadKeys: Readonly<Record<string, typeof commonKeys>> = {
  [mailType]: mailKeys,
  'com.apple.caldav.account': davKeys('CalDAV'),
  'com.apple.carddav.account': davKeys('CardDAV'),
  [exchangeType]: exchangeKeys
}

function keyFaults(dictionary: Dictionary, keys: typeof commonKeys): string[] {
  const missing = Object.entries(keys).filter(([key, [, needed]]) => needed === true && !(key in dictionary))
  const wrong = Object.entries(dictionary).filter(([key, value]) => keys[key] === undefined || !is(value, keys[key][0]))
  return [...missing.map(([key]) => `no ${key}`), ...wrong.map(([key, value]) => `${key} is ${JSON.stringify(value)}`)]
}

function is(value: PlistValue, kind: Kind): boolean {
  switch (kind) {
    case 'text':
      return typeof value === 'string' && value !== ''
    case 'integer':
      return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65535
    case 'boolean':
      return typeof value === 'boolean'
    case 'list':
      return Array.isArray(value)
    case 'uuid':
      return /^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$/.test(String(value))
    case 'identifier':
      return /^[A-Za-z0-9.-]+$/.test(String(value))
    default:
      return kind.test(String(value))
  }
}

function identityFaults(profile: Dictionary, payloads: readonly Dictionary[]): string[] {
  const all = [profile, ...payloads]
  const outer = String(profile.PayloadIdentifier)
  return [
    ...(new Set(all.map(({ PayloadUUID }) => PayloadUUID)).size === all.length ? [] : ['a UUID twice']),
    ...(new Set(all.map(({ PayloadIdentifier }) => PayloadIdentifier)).size === all.length
      ? []
      : ['an identifier twice']),
    ...payloads
      .map(({ PayloadIdentifier }) => String(PayloadIdentifier))
      .filter(inner => !inner.startsWith(`${outer}.`))
      .map(inner => `${inner} is not below ${outer}`)
  ]
}

function mailFaults(payload: Dictionary): string[] {
  const anonymous = payload.OutgoingMailServerAuthentication === 'EmailAuthNone'
  return [
    ...(anonymous && 'OutgoingMailServerUsername' in payload ? ['a user name for a server without log-in'] : []),
    ...(anonymous && 'OutgoingPasswordSameAsIncomingPassword' in payload ? ['a password without log-in'] : []),
    ...['Incoming', 'Outgoing'].flatMap(direction => {
      const port = Number(payload[`${direction}MailServerPortNumber`])
      const encrypted = payload[`${direction}MailServerUseSSL`]
      return [993, 995, 465].includes(port) && encrypted !== true ? [`no TLS on port ${port}`] : []
    })
  ]
}

function isDictionary(value: PlistValue): value is Dictionary {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !ArrayBuffer.isView(value)
  )
}
