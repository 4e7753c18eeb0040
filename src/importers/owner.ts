/**
 * The person to whom a profile or a response belongs, and what a table for everyone can keep of their values.
 */
import { percentDecode } from '../formats/query.ts'
import { type Address, toAddress } from '../settings/question/address.ts'
import { toDomain } from '../settings/question/domain.ts'
import type { ImportedServer } from './imported.ts'

export interface Owner {
  /** Undefined if the document contains no address. */
  readonly address: Address | undefined
}

/** @param texts values that may be an address; the first one counts */
export function ownerOf(texts: readonly (string | undefined)[]): Owner {
  return { address: texts.map(text => toAddress(text ?? '')).find(found => found !== undefined) }
}

export interface OwnDomain {
  /** Undefined if the server names do not show it either. */
  readonly domain: string | undefined
  /** A comment, if the domain is a guess. */
  readonly domainGuess: string | undefined
}

/** @returns the domain of the owner, or else a guess from the name of the first server */
export function ownDomain({ address }: Owner, servers: readonly ImportedServer[], what: string): OwnDomain {
  if (address !== undefined) return { domain: address.domain, domainGuess: undefined }
  const guess = servers
    .map(({ value }) => value.host)
    .find(host => host !== undefined)
    ?.replace(/^[^.]+\.(?=.+\.|%EMAILDOMAIN%$)/i, '')
  return {
    domain: guess?.toUpperCase() === '%EMAILDOMAIN%' ? '*' : guess,
    domainGuess: `The ${what} contains no address: the domain is a guess from the server names. --domain replaces it.`
  }
}

/** @returns the hosts of all servers in lower case */
export function hostsOf(servers: readonly ImportedServer[]): ReadonlySet<string> {
  return new Set(
    servers.flatMap(({ value: { host, url } }) => [host?.toLowerCase(), hostOf(url)]).filter(each => each !== undefined)
  )
}

/** An address, also with its @ encoded or spelt out. */
const anyAddress = /[^\s@](?:@|%40|\(at\)|\[at\])[^\s@]/

/**
 * @param hosts of the servers. Why not the servers: a document may contain thousands of names and of servers
 * @returns whether a text names the provider, and not a person or a server
 */
export function isProviderName(text: string, { address }: Owner, hosts: ReadonlySet<string>): boolean {
  const name = text.toLowerCase()
  if (anyAddress.test(name) || name.includes('%emailaddress%') || name.includes('%emaillocalpart%')) return false
  if (address !== undefined && name === address.localPart.toLowerCase()) return false
  const host = toDomain(name)
  if (host === undefined || !host.includes('.')) return true
  return !hosts.has(host) && (address === undefined || !host.endsWith(`.${address.domain}`))
}

/** Why limited: a profile belongs to one person, and each name is looked for in each text. */
const mostPeople = 20

/**
 * Why all words in any order: profiles are called "Mail of Jane Doe" or "Doe, Jane". Why two words: a single one may be the name of
 * the provider.
 *
 * @param people names of accounts
 * @returns whether a text contains the name of a person
 */
export function createNamesPerson(people: readonly string[]): (text: string) => boolean {
  const whole = new Set(people)
  const inWords = [...whole]
    .slice(0, mostPeople)
    .map(wordsOf)
    .filter(words => words.length > 1)
  return text => {
    if (whole.has(text)) return true
    const words = new Set(wordsOf(text))
    return inWords.some(person => person.every(word => words.has(word)))
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
}

function hostOf(url = ''): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

/**
 * @param pathname of a URL
 * @returns the path with placeholders for the owner; undefined if it contains the local part only inside longer words
 */
export function pathForEveryone(pathname: string, { address }: Owner): string | undefined {
  if (address === undefined) return pathname
  const segments = pathname.split('/')
  const path = segments.map(segment => placeholderOf(segment, address) ?? segment).join('/')
  const isPersonal = (percentDecode(pathname) ?? pathname).toLowerCase().includes(address.localPart.toLowerCase())
  return path !== pathname || !isPersonal ? path : undefined
}

/** Why only whole segments: a local part such as "a" is part of many other words. */
function placeholderOf(segment: string, { text, localPart }: Address): string | undefined {
  const name = (percentDecode(segment) ?? segment).toLowerCase()
  if (name === text.toLowerCase()) return '%EMAILADDRESS%'
  return name === localPart.toLowerCase() ? '%EMAILLOCALPART%' : undefined
}
