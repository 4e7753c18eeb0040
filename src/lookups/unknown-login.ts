/**
 * The login name that is served for an unknown address: it looks like a real one, and is always the same.
 */
import { createHmac } from 'node:crypto'
import { resolve } from 'node:path'
import type { SettingsContext } from '../directories/database-server.ts'
import type { UsersSettings } from '../settings/check/users.ts'
import type { LookedUpNames } from '../settings/names/name-columns.ts'
import { expandName, unknownDigits, unknownLetters, unknownSigns } from '../settings/names/placeholder.ts'
import { readText } from '../sources/read-file.ts'

/**
 * Why a keyed hash: a name that changed between requests would reveal that it is made up, and so would a name that anyone
 * can compute. Why one for all columns: the names of a known mailbox often have a part in common.
 * @param settings patterns with placeholders, `#` for a digit and `?` for a letter
 * @param secret the key
 * @returns makes the login names of an address in canonical form
 */
export function createUnknownLogin(
  { unknown, unknownNames = {} }: Pick<UsersSettings, 'unknown' | 'unknownNames'>,
  secret: string
): (address: string) => LookedUpNames {
  return address => {
    const hash = BigInt(`0x${createHmac('sha512', secret).update(address).digest('hex')}`)
    const names = Object.entries(unknownNames).map(([column, pattern]) => [column, makeUp(pattern, address, { hash })])
    return { ...Object.fromEntries(names), username: makeUp(unknown, address, { hash }) }
  }
}

/** Why SHA-512: 64 letters take 301 bits of it, so each letter is as likely as any other. */
function makeUp(pattern: string, address: string, { hash }: { readonly hash: bigint }): string {
  let number = hash
  const choose = (from: string) => {
    const count = BigInt(from.length)
    const at = Number(number % count)
    number /= count
    return from.charAt(at)
  }
  const at = address.lastIndexOf('@')
  return expandName(
    pattern.replace(unknownSigns, sign => choose(sign === '#' ? unknownDigits : unknownLetters)),
    { '%EMAILADDRESS%': address, '%EMAILLOCALPART%': address.slice(0, at), '%EMAILDOMAIN%': address.slice(at + 1) }
  )
}

/** @returns whether the choice of servers, or digits and letters of a made-up name, are derived from a key */
function needsUsersSecret({ unknown, unknownNames = {}, unknownServers = [] }: UsersSettings): boolean {
  if (unknownServers.length > 1) return true
  return [unknown, ...Object.values(unknownNames), ...unknownServers.map(choice => choice.unknown ?? '')].some(
    pattern => pattern.match(unknownSigns) !== null
  )
}

/** Characters. Why so many: a short key can be guessed, and with the key, generated names can be recognised. */
const shortestSecret = 16

/**
 * Reads the key of made-up login names, from a file or from SIGNPOST_USERS_SECRET.
 * @returns the key, empty if the pattern needs none, or what was found and what is expected
 */
export function readUsersSecret(
  settings: UsersSettings,
  { folder, env }: SettingsContext
): { readonly secret: string } | { readonly problem: string } {
  const { secretFile } = settings
  if (!needsUsersSecret(settings)) return { secret: '' }
  const expected = `expected ${shortestSecret} characters or more, such as openssl rand -base64 32 makes`
  if (secretFile === undefined) {
    const secret = env.SIGNPOST_USERS_SECRET ?? ''
    if (secret.length >= shortestSecret) return { secret }
    const found = secret === '' ? 'neither secretFile nor' : `${secret.length} characters in`
    return { problem: `found ${found} SIGNPOST_USERS_SECRET, ${expected}` }
  }
  const read = readText(resolve(folder, secretFile))
  if ('reason' in read) return { problem: `cannot read the file: ${read.reason}` }
  const secret = read.text.trim()
  return secret.length >= shortestSecret ? { secret } : { problem: `found ${secret.length} characters, ${expected}` }
}
