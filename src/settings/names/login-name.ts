/**
 * Login names. Each server has a rule, which is its own or that of its provider, and makes a name from an address. Names
 * that cannot be made from the address are looked up in `users`: one for all servers, and others for some protocols.
 */

import type { Provider, Server, Service } from '../provider.ts'
import type { Address } from '../question/address.ts'
import type { Protocol, Settings } from '../schema.ts'
import { type LookedUpNames, type ProtocolColumn, protocolColumns } from './name-columns.ts'
import { expandName } from './placeholder.ts'

/** @returns the columns of `users` that are used: those for which unknown mailboxes have a made-up name, too */
export function madeUpColumns(users: Settings['users']): readonly ProtocolColumn[] {
  return protocolColumns.filter(column => users?.unknownNames?.[column] !== undefined)
}

/** The rule of a server whose documents contain no login name. */
export const noLoginName = 'none'

/**
 * The column of each protocol. Why: ManageSieve has the same accounts as IMAP, because its scripts filter the mail of a
 * mailbox (RFC 5804 1).
 */
export const columnOf: Readonly<Partial<Record<Protocol, ProtocolColumn>>> = {
  imap: 'imap_username',
  managesieve: 'imap_username',
  pop3: 'pop3_username',
  smtp: 'smtp_username',
  caldav: 'dav_username',
  carddav: 'dav_username',
  webdav: 'dav_username'
}

/** Whose login name is wanted. */
export interface LoginNameSource {
  readonly provider: Provider
  /** Undefined if none were looked up. */
  readonly lookedUpNames?: LookedUpNames | undefined
}

export type AnyServer = Pick<Server | Service, 'protocol' | 'username'>

/** @returns the login name of an address for all servers that have no rule */
export function loginName({ provider, lookedUpNames }: LoginNameSource, address: Address): string {
  return lookedUpNames?.username ?? fill(provider.username, provider, address)
}

/**
 * The most specific name wins: one that was looked up for the protocol, the rule of the server, the name that was looked up
 * for all servers, the rule of the provider.
 *
 * @returns the login name of an address for one server; undefined if documents must not contain any
 */
export function serverLoginName(source: LoginNameSource, address: Address, server: AnyServer): string | undefined {
  const column = columnOf[server.protocol]
  const lookedUp = column && source.lookedUpNames?.[column]
  if (lookedUp !== undefined) return lookedUp
  const { username } = server
  if (username === undefined) return loginName(source, address)
  return username === noLoginName ? undefined : fill(username, source.provider, address)
}

/** @returns the rule of a server with placeholders for mail programs; undefined if documents must not contain a name */
export function loginPattern({ username }: Provider, server: AnyServer): string | undefined {
  const rule = server.username ?? username
  return rule === noLoginName ? undefined : expandName(rule, {})
}

/** @returns whether the login name is always the address, so that a program need not ask for it */
export function logsInByAddress({ username, usernameCase, looksUpUsers, servers, services }: Provider): boolean {
  if (looksUpUsers || usernameCase === 'lower') return false
  return [...servers, ...services].every(server => (server.username ?? username) === '%EMAILADDRESS%')
}

function fill(rule: string, { usernameCase }: Provider, address: Address): string {
  // Why: this is by far the most frequent rule.
  if (rule === '%EMAILADDRESS%' && usernameCase === 'as-typed') return address.text
  const { text, localPart } = inCase(address, usernameCase)
  return expandName(rule, { '%EMAILADDRESS%': text, '%EMAILLOCALPART%': localPart, '%EMAILDOMAIN%': address.domain })
}

/** @returns the address and its local part as the server has them. Placeholders that stand in for them stay as they are */
export function inCase(
  { text, localPart, domain, isStandIn }: Address,
  usernameCase: Provider['usernameCase']
): Pick<Address, 'text' | 'localPart'> {
  if (usernameCase === 'as-typed' || isStandIn === true) return { text, localPart }
  const local = localPart.toLowerCase()
  return { text: `${local}@${domain}`, localPart: local }
}
