/**
 * One SELECT with `:domain` or `:address`, as an administrator writes it: cut where the parameter goes, so that each
 * database can be given its own sign for it. What stands in quotes is left alone.
 */

/** What is asked about. */
export type Parameter = ':domain' | ':address'

export interface SqlQuery {
  /** The text between parameters: one part more than there are of them. */
  readonly parts: readonly string[]
}

/** @returns the query, or in words what was found and what is allowed */
export function toSqlQuery(text: string, parameter: Parameter): SqlQuery | { readonly problem: string } {
  const tokens = tokensOf(text.trim().replace(/;$/, '').trimEnd())
  if (tokens === undefined) return { problem: 'found a quote that is not closed, expected two of each kind' }
  const problem = problemOf(tokens, parameter)
  if (problem !== undefined) return { problem }
  const parts: string[] = []
  let part = ''
  for (const token of tokens) {
    if (token.toLowerCase() !== parameter) {
      part += token
      continue
    }
    parts.push(part)
    part = ''
  }
  parts.push(part)
  return parts.length > 1 ? { parts } : { problem: `found no ${parameter} outside of quotes, expected one` }
}

/** What must not stand outside of quotes, with what is said of it. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^;$/, 'found ";", expected one statement'],
  [/^(?:--|\/\*|\*\/)$/, 'found a comment, expected none'],
  [/^#$/, 'found "#", expected none: it begins a comment in MariaDB'],
  [/^\\$/, 'found a backslash, expected none'],
  [/^into$/i, 'found INTO, expected a SELECT that writes nothing']
]

/** Signs of parameters, and variables. */
const otherParameter = /^(?:\?|[$@:]\w*|@@\w*)$/

/**
 * Words, quoted texts, signs and white space, in order. A cast (::text) and := are signs of their own.
 * Why backslashes make a quoted text unreadable: whether one escapes the next quote depends on the database.
 */
const token = /'(?:[^'\\]|'')*'|"(?:[^"\\]|"")*"|`[^`\\]*`|::|:=|@@?\w*|[:$]\w*|\w+|--|\/\*|\*\/|\s+|[^\s\w'"`]/gy

/** @returns undefined where a quote is not closed, or has a backslash inside */
function tokensOf(text: string): readonly string[] | undefined {
  const tokens = text.match(token) ?? []
  return tokens.join('').length === text.length ? tokens : undefined
}

function problemOf(tokens: readonly string[], parameter: Parameter): string | undefined {
  const [first = ''] = tokens
  if (first.toLowerCase() !== 'select') return `found ${JSON.stringify(first)} first, expected SELECT`
  for (const each of tokens) {
    if (each.toLowerCase() === parameter) continue
    if (otherParameter.test(each)) return `found "${each}", expected ${parameter} as the only parameter`
    const problem = refused.find(([pattern]) => pattern.test(each))?.[1]
    if (problem !== undefined) return problem
  }
  if (parameter === ':address' && isSelected(tokens, parameter)) {
    return `found ${parameter} between SELECT and FROM, expected the address as it is stored`
  }
  return undefined
}

/** Why: the address that is returned is compared with the one that was asked for, which would then always be equal. */
function isSelected(tokens: readonly string[], parameter: Parameter): boolean {
  let isSelecting = false
  for (const each of tokens.map(token => token.toLowerCase())) {
    if (each === 'select') isSelecting = true
    if (each === 'from') isSelecting = false
    if (each === parameter && isSelecting) return true
  }
  return false
}
