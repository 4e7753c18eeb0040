/**
 * Splits the SELECT of an administrator at its parameter, `:domain` or `:address`, so that each database gets its own
 * parameter syntax. Quoted text is not changed.
 */

import { computedProblem, isComputed, withAddress } from './computed-query.ts'

/** Stands for the domain or address that is looked up. */
export type Parameter = ':domain' | ':address'

export interface SqlQuery {
  /** The texts around the parameters: one more than there are parameters. */
  readonly parts: readonly string[]
}

/** Databases with SQL. They differ in what a backslash means in quoted text. */
export type SqlType = 'sqlite' | 'postgres' | 'mysql'

/** @returns the query, or an explanation of what was found and what is allowed */
export function toSqlQuery(
  text: string,
  parameter: Parameter,
  { type }: { readonly type: SqlType }
): SqlQuery | { readonly problem: string } {
  const tokens = tokensOf(text, type)
  if (tokens === undefined) {
    const hint = type === 'mysql' && text.includes('\\') ? ', and \\\\ for a backslash' : ''
    return { problem: `found a quote that is not closed, expected quotes in pairs${hint}` }
  }
  const problem = problemOf(tokens, parameter)
  if (problem !== undefined) return { problem }
  const parts: string[] = []
  let part = ''
  const complete = parameter === ':address' && isComputed(tokens) ? withAddress(tokens) : tokens
  for (const token of complete) {
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
 *
 * Spec: in SQLite, a backslash in quoted text is an ordinary character (sqlite.org/lang_expr.html, "Literal Values"). In
 * PostgreSQL, it is one unless the text begins with E (PostgreSQL 17, 4.1.2.2). In MariaDB and MySQL, it escapes the next
 * character of a string (MySQL 8.4, 9.1.1). directories/ makes sure that no setting of a server changes this.
 */
const token: Readonly<Record<SqlType, RegExp>> = {
  sqlite: /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|::|:=|@@?\w*|[:$]\w*|\w+|--|\/\*|\*\/|\s+|[^\s\w'"`]/gy,
  postgres:
    /[Ee]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|::|:=|@@?\w*|[:$]\w*|\w+|--|\/\*|\*\/|\s+|[^\s\w'"`]/gy,
  // Why no backslash between double quotes: with ANSI_QUOTES they enclose a name, in which it escapes nothing.
  mysql: /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|"")*"|`[^`]*`|::|:=|@@?\w*|[:$]\w*|\w+|--|\/\*|\*\/|\s+|[^\s\w'"`]/gy
}

/** @returns undefined if a quote is not closed */
export function tokensOf(text: string, type: SqlType): readonly string[] | undefined {
  const query = text.trim().replace(/;$/, '').trimEnd()
  const tokens = query.match(token[type]) ?? []
  return tokens.join('').length === query.length ? tokens : undefined
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
  if (parameter === ':address' && isComputed(tokens)) return computedProblem(tokens)
  if (parameter === ':address' && isSelected(tokens, parameter)) {
    return `found ${parameter} between SELECT and FROM, expected the stored address`
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
