/**
 * How FairEmail asks for and reads an autodiscover document.
 * Observed: M66B/FairEmail e23dd9d, app/src/main/java/eu/faircode/email/EmailProvider.java: getMSAutodiscovery.
 */
import { escapeXml } from '../../formats/xml.ts'
import { pullXml } from '../xml/xml-pull.ts'
import { isStarttlsPort, isValid, noServer, type Servers } from './servers.ts'

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

/** @returns undefined where it throws */
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
    // Observed: the texts are compared as they are.
    if (name === 'AccountType' && event.text === 'email') account = { ...account, isEmail: true }
    if (name === 'Action' && event.text === 'settings') account = { ...account, isSettings: true }
    // Observed: what stands before AccountType and Action is not read.
    if (protocol && account.isEmail && account.isSettings) protocol = { ...protocol, ...readValue(name, event.text) }
  }
  return isValid(servers) ? servers : undefined
}

function readValue(element: string, text: string | undefined): Protocol {
  if (text === undefined) return {}
  if (element === 'Type') return { type: text }
  if (element === 'Server') return { host: text }
  // Observed: TextUtils.isDigitsOnly. SSL, Encryption and LoginName are not read.
  return element === 'Port' && /^\d+$/.test(text) ? { port: Number(text) } : {}
}

/** Observed: a later Protocol of the same type takes the place of the one before. */
function serverOf({ type, host, port }: Protocol): Partial<Servers> {
  if (host === undefined || port === undefined) return {}
  if (type === 'IMAP') return { imap: { host, port, starttls: isStarttlsPort('imap', port) } }
  return type === 'SMTP' ? { smtp: { host, port, starttls: isStarttlsPort('smtp', port) } } : {}
}
