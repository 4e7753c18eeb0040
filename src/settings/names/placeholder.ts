/**
 * Placeholders of user names and host names: draft-ietf-mailmaint-autoconfig-06, "Placeholders".
 */
export const placeholders = ['%EMAILADDRESS%', '%EMAILLOCALPART%', '%EMAILDOMAIN%'] as const

export type Placeholder = (typeof placeholders)[number]

/** @returns the text with its placeholders replaced; a placeholder without a value is kept */
export function expand(text: string, values: Partial<Record<Placeholder, string>>): string {
  return text.replace(/%(?:EMAILADDRESS|EMAILLOCALPART|EMAILDOMAIN)%/g, found => values[found as Placeholder] ?? found)
}

/**
 * Expands the rule of a login name, in which `%%` is a percent sign.
 * @returns the rule with its placeholders replaced; a placeholder without a value is kept
 */
export function expandName(rule: string, values: Partial<Record<Placeholder, string>>): string {
  return rule.replace(/%(?:EMAILADDRESS|EMAILLOCALPART|EMAILDOMAIN)?%/g, found =>
    found === '%%' ? '%' : (values[found as Placeholder] ?? found)
  )
}

/** @returns text that looks like a placeholder but is not one, such as `%EMAILADDRESS` or `%REALNAME%` */
export function strayPlaceholder(text: string): string | undefined {
  const rest = text.replace(/%(?:EMAILADDRESS|EMAILLOCALPART|EMAILDOMAIN)?%/g, '')
  return /%(?:[A-Za-z][A-Za-z_-]*%|[A-Za-z]*)/.exec(rest)?.[0]
}

/**
 * Placeholders of automx, SOGo, Nextcloud and others, and ours with their percent signs encoded.
 *
 * Why only these words: a name or a note may contain brackets, and a URL any other encoded octet.
 */
const foreign =
  /\$?\{{1,2} ?(?:e?mail|address|user|username|login|local|localpart|domain|0)(?:[_-]?(?:address|name|part))? ?\}{1,2}|%25EMAIL[A-Z]+%25|%(?:USER|USERNAME|LOGIN|LOCALPART)%/i

/** @returns what another program would replace, but Signpost does not */
export function foreignPlaceholder(text: string): string | undefined {
  return foreign.exec(text)?.[0]
}

/** Characters of `users.unknown` that are replaced: `#` by a digit, `?` by a lower-case letter. */
export const unknownSigns = /[#?]/g

/** What `#` stands for. */
export const unknownDigits = '0123456789'

/** What `?` stands for. */
export const unknownLetters = 'abcdefghijklmnopqrstuvwxyz'
