/**
 * Placeholders of user names and host names: draft-ietf-mailmaint-autoconfig-06, "Placeholders".
 */
export const placeholders = ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%'] as const

export type Placeholder = (typeof placeholders)[number]

/** @returns the text with every placeholder replaced by its value; a placeholder without a value stays as it is */
export function expand(text: string, values: Partial<Record<Placeholder, string>>): string {
  return text.replace(/%(?:EMAILADDRESS|EMAILLOCALPART|EMAILDOMAIN)%/g, found => values[found as Placeholder] ?? found)
}

/** @returns what looks like a placeholder but is none, such as `%EMAILADDRESS` or `%REALNAME%` */
export function strayPlaceholder(text: string): string | undefined {
  return /%[A-Za-z]*%?/.exec(expand(text, { '%EMAILADDRESS%': '', '%EMAILLOCALPART%': '', '%EMAILDOMAIN%': '' }))?.[0]
}

//@@ src/settings/query/unknown-signs.ts
//@@ /**
//@@  * Signs of `users.unknown`: `#` stands for a digit, `?` for a small letter.
//@@  */
export const unknownSigns = /[#?]/g

/** What `#` stands for. */
export const unknownDigits = '0123456789'

/** What `?` stands for. */
export const unknownLetters = 'abcdefghijklmnopqrstuvwxyz'
