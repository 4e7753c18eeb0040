/**
 * The Autodiscover document as Thunderbird reads it: releases-comm-central cf9726f, ExchangeAutoDiscover.sys.mjs,
 * readAutoDiscoverXML. The model omits Exchange servers and the probing of servers that support only Exchange.
 */
import { type FoundServer, orRefusal, Refusal } from '../model/client.ts'
import type { Servers } from '../model/parallel-search.ts'
import { child, children, type Jxon, stringOf } from '../xml/jxon.ts'
import { toHost, toInteger } from './values.ts'

const mailAddress = /^[a-z0-9\-%+_.*]+@[a-z0-9\-.]+\.[a-z]+$/

/** @returns the address of the redirect, or an empty text if it is invalid; undefined without a redirect */
export function redirectOf(document: Jxon): string | undefined {
  const target = child(accountOf(document), 'RedirectAddr')
  if (!target) return undefined
  const address = stringOf(target).toLowerCase()
  return mailAddress.test(address) ? address : ''
}

/** @param login used if there is no LoginName. @throws `Refusal` */
export function readAutodiscover(document: Jxon, login: string): Servers {
  const servers = children(accountOf(document), 'Protocol')
    .map(protocol => orRefusal(() => toServer(protocol, login)))
    .flatMap(server => (server === undefined || server instanceof Refusal ? [] : [server]))
  const incoming = servers.find(({ protocol }) => protocol !== 'smtp')
  const outgoing = servers.find(({ protocol }) => protocol === 'smtp')
  if (incoming === undefined) throw new Refusal('no usable IMAP or POP3')
  // Observed: AccountConfig.isComplete; without SMTP, the account uses the outgoing server of another account.
  if (incoming.port === 0 || outgoing?.port === 0) throw new Refusal('a port 0')
  return { incoming, outgoing }
}

/** Observed: the first of several elements is used. */
function accountOf(document: Jxon): Jxon | undefined {
  return child(child(child(document, 'Autodiscover'), 'Response'), 'Account')
}

/** @returns undefined for other types of Protocol. @throws `Refusal` */
function toServer(element: Jxon, login: string): FoundServer | undefined {
  const protocol = protocols.get(stringOf(child(element, 'Type')))
  if (protocol === undefined) return undefined
  const host = toHost(child(element, 'Server'))
  const port = toInteger(child(element, 'Port'))
  const security = toSecurity(element, port)
  // Observed: SPA selects Kerberos or NTLM. It has no other effect.
  lowerCase(element, 'SPA')
  const name = child(element, 'LoginName') ?? login
  if (!name) throw new Refusal('an empty LoginName')
  return { protocol, host, port, security, username: stringOf(name) }
}

const protocols = new Map<string, FoundServer['protocol']>([
  ['IMAP', 'imap'],
  ['POP3', 'pop3'],
  ['SMTP', 'smtp']
])

// Observed: SSL off takes precedence over Encryption, only None is supported there, and the port decides everything else.
function toSecurity(element: Jxon, port: number): FoundServer['security'] {
  if (lowerCase(element, 'SSL') === 'off' || lowerCase(element, 'Encryption') === 'none') return 'none'
  return [143, 110, 25, 587].includes(port) ? 'starttls' : 'tls'
}

/** Observed: `.toLowerCase()` throws for values that JXON converts to a number, a boolean or an object. */
function lowerCase(element: Jxon, name: string): string {
  const value = child(element, name) ?? ''
  if (typeof value !== 'string') throw new Refusal(`${name} ${stringOf(value)}`)
  return value.toLowerCase()
}
