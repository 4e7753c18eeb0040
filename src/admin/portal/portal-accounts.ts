/**
 * The accounts in the JSON body of a request from a hosting portal.
 *
 * Why problems never contain what was found, not even the name of an unknown key: people put passwords into the wrong fields,
 * and portals log the responses.
 */
import { isObject, type JsonObject } from '../../json.ts'
import { personNameLimit, toPersonName } from '../../settings/names/person-name.ts'
import { type Address, toAddress } from '../../settings/question/address.ts'

export interface PortalAccount {
  /** Beginning of the paths of its fields in the body, such as `accounts[0].`; empty if the body is the account. */
  readonly path: string
  readonly address: Address
  /** Other addresses of the same mailbox. */
  readonly aliases: readonly Address[]
  /** The name of the person, for the From header. */
  readonly name: string | undefined
  readonly password: string | undefined
}

/** One account or more. */
export type PortalAccounts = readonly [PortalAccount, ...PortalAccount[]]

export type QrFormat = (typeof qrFormats)[number]

export const qrFormats = ['svg', 'text'] as const

/** Why: a person rarely has more mailboxes, and the work for one request must have a limit. */
export const mostAccounts = 20

export const mostAliases = 20

/** In UTF-16 units. */
export const longestPassword = 256

/** What was wrong with a request, without anything from the request. */
export interface Problem {
  readonly problem: string
}

const badAccounts = { problem: `accounts: expected a list of 1 to ${mostAccounts} accounts` }

const accountKeys = ['address', 'aliases', 'name', 'password']

/** @returns the accounts of `{ "accounts": [...] }`, or the only account if the body describes one */
export function readAccounts(body: Buffer | undefined): PortalAccounts | Problem {
  const parsed = parse(body)
  if (isProblem(parsed)) return parsed
  const { members } = parsed
  if (!Object.hasOwn(members, 'accounts')) {
    const account = readAccount(members, '', accountKeys)
    return isProblem(account) ? account : [account]
  }
  const unknown = unknownKey(members, '', ['accounts'])
  if (unknown !== undefined) return unknown
  const { accounts } = members
  if (!Array.isArray(accounts) || accounts.length > mostAccounts) return badAccounts
  const read: PortalAccount[] = []
  for (const [at, each] of accounts.entries()) {
    const account = readAccount(each, `accounts[${at}]`, accountKeys)
    if (isProblem(account)) return account
    read.push(account)
  }
  const [first, ...others] = read
  if (first === undefined) return badAccounts
  const addresses = [first, ...others].map(({ address }) => address)
  return hasDuplicates(addresses) ? { problem: 'accounts: an address occurs twice' } : [first, ...others]
}

/** The account of a QR code, and how the code is written. */
export interface QrRequest {
  readonly account: PortalAccount
  readonly format: QrFormat
}

/** @returns the account that the body describes */
export function readQrRequest(body: Buffer | undefined): QrRequest | Problem {
  const parsed = parse(body)
  if (isProblem(parsed)) return parsed
  const account = readAccount(parsed.members, '', [...accountKeys, 'format'])
  if (isProblem(account)) return account
  const { format: wanted = 'svg' } = parsed.members
  const format = qrFormats.find(each => each === wanted)
  return format === undefined ? { problem: `format: expected one of ${qrFormats.join(', ')}` } : { account, format }
}

export function isProblem(value: object): value is Problem {
  return Object.hasOwn(value, 'problem')
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Why the message of the parser is not used: it contains a part of the text. */
function parse(body: Buffer | undefined): { readonly members: JsonObject } | Problem {
  try {
    const value: unknown = JSON.parse(utf8.decode(body))
    return isObject(value) ? { members: value } : { problem: 'the body must be a JSON object' }
  } catch {
    return { problem: 'the body must be JSON in UTF-8' }
  }
}

/** @param path of the account in the body; empty if the body is the account */
function readAccount(value: unknown, path: string, known: readonly string[]): PortalAccount | Problem {
  if (!isObject(value)) return { problem: `${path}: expected an object` }
  const at = path === '' ? '' : `${path}.`
  const unknown = unknownKey(value, path, known)
  if (unknown !== undefined) return unknown
  const address = readAddress(value.address)
  if (address === undefined) return { problem: `${at}address: expected a mail address` }
  const aliases = readAliases(value.aliases)
  if (aliases === undefined) {
    return { problem: `${at}aliases: expected a list of at most ${mostAliases} mail addresses` }
  }
  if (hasDuplicates([address, ...aliases])) return { problem: `${at}aliases: an address occurs twice` }
  const name = typeof value.name === 'string' ? toPersonName(value.name) : undefined
  if (value.name !== undefined && name === undefined) {
    return { problem: `${at}name: expected 1 to ${personNameLimit} visible characters on one line` }
  }
  const { password } = value
  if (!isPassword(password)) {
    return { problem: `${at}password: expected a text of 1 to ${longestPassword} characters on one line` }
  }
  return { path: at, address, aliases, name, password }
}

function unknownKey(value: JsonObject, path: string, known: readonly string[]): Problem | undefined {
  if (Object.keys(value).every(key => known.includes(key))) return undefined
  return { problem: `${path === '' ? 'the body' : path} has an unknown key, expected only ${known.join(', ')}` }
}

function readAddress(value: unknown): Address | undefined {
  return typeof value === 'string' ? toAddress(value) : undefined
}

/** @returns undefined if the value is not a list of addresses */
function readAliases(value: unknown = []): Address[] | undefined {
  if (!Array.isArray(value) || value.length > mostAliases) return undefined
  const aliases = value.map(readAddress).filter(address => address !== undefined)
  return aliases.length === value.length ? aliases : undefined
}

function hasDuplicates(addresses: readonly Address[]): boolean {
  return new Set(addresses.map(({ text }) => text.toLowerCase())).size < addresses.length
}

/** Control characters, half surrogate pairs and non-characters, which XML cannot contain. */
const unwritable = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u

function isPassword(value: unknown): value is string | undefined {
  if (value === undefined) return true
  return typeof value === 'string' && value !== '' && value.length <= longestPassword && !unwritable.test(value)
}
