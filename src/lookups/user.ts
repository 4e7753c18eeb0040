/**
 * What a directory of users says about one mail address.
 */
import type { RowReader } from '../directories/row-reader.ts'
import { type LookedUpNames, type ProtocolColumn, protocolColumns } from '../settings/names/name-columns.ts'
import { hostNames } from '../settings/overrides.ts'
import { type Address, toAddress } from '../settings/question/address.ts'
import type { UserServers } from './user-servers.ts'

export interface User {
  /** Login names by column; undefined if there is none for all servers. */
  readonly names: Partial<LookedUpNames>
  /** The servers of this person; undefined: those of the domain. */
  readonly servers?: UserServers
  /** The person's own name. Why it is never served: anyone who knows an address would learn whose it is. */
  readonly displayName: string | undefined
  /** Why the rows of the address cannot be used. */
  readonly problem?: string
}

const serverColumns: ReadonlySet<string> = new Set(['provider', ...hostNames])

/** Active Directory's proxyAddresses: `SMTP:` marks the primary address, `smtp:` an alias. */
const scheme = /^smtp:/i

export const userReading: RowReader<User> = {
  block: 'users',
  parameter: ':address',
  key: 'address',
  columns: ['address', 'username', ...protocolColumns, ...serverColumns, 'display_name'],
  toName(text) {
    const address = toAddress(text.replace(scheme, ''))
    return address && toUserKey(address)
  },
  toAnswer({ display_name: displayName, ...values }) {
    const names = Object.entries(values).filter(([column]) => !serverColumns.has(column))
    const servers = Object.entries(values).filter(([column]) => serverColumns.has(column))
    return {
      names: Object.fromEntries(names),
      displayName,
      ...(servers.length > 0 && { servers: Object.fromEntries(servers) })
    }
  },
  toProblem: problem => ({ names: {}, displayName: undefined, problem })
}

/**
 * The canonical form of an address: what the directory is asked for, and what stored addresses are compared with. The local
 * part is in lower case and in normalization form C (RFC 6532 3.1).
 *
 * Why lower case: only the receiving server may treat local parts as case-sensitive (RFC 5321 2.4), and in practice none does.
 * Why here, and not in the database: what counts as one address must be the same for known and unknown mailboxes.
 * @param delimiters the first of these characters begins a tag, which is left out; none by default
 */
export function toUserKey({ localPart, domain }: Address, delimiters = ''): string {
  // Why not at the first character: an address such as +jane@example.com is not a tag alone.
  const tag = [...localPart].findIndex((character, at) => at > 0 && delimiters.includes(character))
  const name = tag === -1 ? localPart : [...localPart].slice(0, tag).join('')
  return `${canonical(name)}@${domain}`
}

/** Why normalized twice: lower case decomposes some letters again. */
function canonical(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC')
}

/** The login names that are served for an address, whether or not the mailbox exists. */
export interface Login {
  readonly lookedUpNames: LookedUpNames
}

/** Bytes. Many login names are addresses, which may have as many (RFC 5321 4.5.3.1). */
const longest = 254

/**
 * Why unknown mailboxes decide about the columns: a name that only known mailboxes have would reveal that they exist.
 *
 * @param madeUp the columns for which unknown mailboxes have separate names
 * @returns the login names, or why they cannot be served, without the names themselves: they are personal
 */
export function toLogin(
  { names, problem }: User,
  madeUp: readonly ProtocolColumn[]
): Login | { readonly problem: string } {
  if (problem !== undefined) return { problem }
  const { username } = names
  if (username === undefined) return { problem: 'found no username, expected one' }
  for (const column of protocolColumns) {
    const isMadeUp = madeUp.includes(column)
    if (isMadeUp === (names[column] !== undefined)) continue
    const isExpected = isMadeUp ? 'expected one' : 'expected users.unknownNames to have one, too'
    return { problem: `found ${isMadeUp ? 'no' : 'a'} ${column}, ${isExpected}` }
  }
  const problems = Object.entries(names).map(([column, name]) => problemOf(column, name))
  const [first] = problems.filter(each => each !== undefined)
  return first === undefined ? { lookedUpNames: { ...names, username } } : { problem: first }
}

function problemOf(column: string, name: string): string | undefined {
  if (Buffer.byteLength(name) > longest) {
    return `found a ${column} of more than ${longest} bytes, expected at most ${longest}`
  }
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(name)) return `found a ${column} with invisible characters, expected none of them`
  // Why: databases and LDAP may store other encodings, whose bytes were replaced, so that nobody could log in.
  if (name.includes('\ufffd')) return `found a ${column} that is not UTF-8, expected it in this encoding`
  // Why: mail programs would replace it.
  return /%[A-Za-z]*%/.test(name) ? `found a placeholder in a ${column}, expected the name itself` : undefined
}
