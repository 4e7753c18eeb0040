/**
 * The key of the names that unknown addresses get.
 */
import { resolve } from 'node:path'
import type { Surroundings } from '../directories/database-server.ts'
import type { UsersSettings } from '../settings/check/users.ts'
import { unknownSigns } from '../settings/placeholder.ts'
import { readText } from '../sources/read-file.ts'

/** Characters. Why so many: who knows the key knows which names are made up, and a short one can be found by trying. */
const shortest = 16

/** @returns the key, empty where none is needed, or in words what was found and what is expected */
export function readUsersSecret(
  { unknown, secretFile }: UsersSettings,
  { folder, env }: Surroundings
): { readonly secret: string } | { readonly problem: string } {
  if (unknown.match(unknownSigns) === null) return { secret: '' }
  const what = `expected ${shortest} characters or more, such as openssl rand -base64 32 makes`
  if (secretFile === undefined) {
    const secret = env.SIGNPOST_USERS_SECRET ?? ''
    if (secret.length >= shortest) return { secret }
    const found = secret === '' ? 'neither secretFile nor' : `${secret.length} characters in`
    return { problem: `found ${found} SIGNPOST_USERS_SECRET, ${what}` }
  }
  const read = readText(resolve(folder, secretFile))
  if ('reason' in read) return { problem: `cannot read the file: ${read.reason}` }
  const secret = read.text.trim()
  return secret.length >= shortest ? { secret } : { problem: `found ${secret.length} characters, ${what}` }
}
