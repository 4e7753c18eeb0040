/**
 * Derives the pattern of a user name from the user name of one person: the reverse of `loginName`.
 */

import { expand } from '../settings/names/placeholder.ts'
import type { Address } from '../settings/question/address.ts'

/** @returns a text with placeholders; undefined if the name contains nothing of the address */
export function usernamePattern(login: string, { text, localPart, domain }: Address): string | undefined {
  const values = { '%EMAILADDRESS%': text, '%EMAILDOMAIN%': domain, '%EMAILLOCALPART%': localPart }
  const pattern = Object.entries(values).reduce(
    (name, [placeholder, value]) => name.replace(wholeWord(value), () => placeholder),
    login
  )
  const isSame = expand(pattern, values).toLowerCase() === login.toLowerCase()
  return isSame && pattern !== login ? pattern : undefined
}

/** Why only whole words: a local part such as "a" is part of many other words. */
function wholeWord(text: string): RegExp {
  // Why not RegExp.escape: Node 22 does not have it.
  const literal = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'iu')
}
