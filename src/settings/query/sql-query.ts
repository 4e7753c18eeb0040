/**
 * Splits the SELECT of an administrator at its parameter, `:domain` or `:address`, so that each database gets its own
 * parameter syntax. Quoted text is not changed.
 */

/** Stands for the domain or address that is looked up. */
export type Parameter = ':domain' | ':address'

export interface SqlQuery {
  /** The texts around the parameters: one more than there are parameters. */
  readonly parts: readonly string[]
}

/** @returns the query, or an explanation of what was found and what is allowed */
export function toSqlQuery(text: string, parameter: Parameter): SqlQuery | { readonly problem: string } {
  const tokens = tokensOf(text.trim().replace(/;$/, '').trimEnd())
  if (tokens === undefined) return { problem: 'found a quote that is not closed, expected quotes in pairs' }
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
  return parts.length > 1 ? { parts } : { problem: `found no ${parameter} outside quotes, expected one` }
}

/** Tokens that are not allowed outside quotes, with the explanation. */
const refused: readonly (readonly [RegExp, string])[] = [
  [/^;$/, 'found ";", expected one statement'],
  [/^(?:--|\/\*|\*\/)$/, 'found a comment, expected none'],
  [/^#$/, 'found "#", which begins a comment in MariaDB, expected none'],
  [/^\\$/, 'found a backslash, expected none'],
  [/^into$/i, 'found INTO, expected a SELECT that does not write']
]

/** Parameters in other syntaxes, and variables. */
const otherParameter = /^(?:\?|[$@:]\w*|@@\w*)$/

/**
 * Words, quoted text, signs and white space, in order. A cast (::text) and := are single tokens.
 * Why: quoted text with a backslash does not match, because whether the backslash escapes the next quote depends on the
 * database.
 */
const token = /'(?:[^'\\]|'')*'|"(?:[^"\\]|"")*"|`[^`\\]*`|::|:=|@@?\w*|[:$]\w*|\w+|--|\/\*|\*\/|\s+|[^\s\w'"`]/gy

/** @returns undefined if a quote is not closed or contains a backslash */
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

/** Why: the query must return the stored address, which is compared with the one that was looked up. */
function isSelected(tokens: readonly string[], parameter: Parameter): boolean {
  let isSelecting = false
  for (const each of tokens.map(token => token.toLowerCase())) {
    if (each === 'select') isSelecting = true
    if (each === 'from') isSelecting = false
    if (each === parameter && isSelecting) return true
  }
  return false
}
