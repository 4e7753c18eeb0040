/**
 * The rule of a user name out of one person's: the other way round than `loginName`.
 */
import type { Address } from '../settings/address.ts'
import { expand } from '../settings/placeholder.ts'

/** @returns a text with placeholders, or undefined where nothing in the name comes from the address */
export function usernameRule(login: string, { text, localPart, domain }: Address): string | undefined {
  const values = { '%EMAILADDRESS%': text, '%EMAILDOMAIN%': domain, '%EMAILLOCALPART%': localPart }
  const rule = Object.entries(values).reduce(
    (name, [placeholder, value]) => name.replace(wholeWord(value), () => placeholder),
    login
  )
  const isSame = expand(rule, values).toLowerCase() === login.toLowerCase()
  return isSame && rule !== login ? rule : undefined
}

/** Why whole: a local part such as "a" is in every other word. */
function wholeWord(text: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])${RegExp.escape(text)}(?![\\p{L}\\p{N}])`, 'iu')
}
