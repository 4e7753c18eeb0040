/**
 * Splits the SELECT of an administrator at its parameter, `:domain` or `:address`, so that each database gets its own
 * parameter syntax. Quoted text is not changed, and the databases get no comments.
 */

import { computedProblem, isComputed, withAddress } from './computed-query.ts'
import { type SqlType, tokensOf } from './sql-tokens.ts'

/** Stands for the domain or address that is looked up. */
export type Parameter = ':domain' | ':address'

export interface SqlQuery {
  /** The texts around the parameters: one more than there are parameters. */
  readonly parts: readonly string[]
}

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
  const problem = problemOf(tokens, parameter, { type })
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
  [/^\/\*$/, 'found "/*" that is not closed, expected "*/" after the comment'],
  [/^\*\/$/, 'found "*/" without "/*", expected none'],
  // Spec: MySQL 8.4, 9.7 and 10.9.3: such comments contain parts of the statement, or hints for the optimizer.
  [/^\/\*M?[!+]$/, 'found a comment that MariaDB or MySQL executes, expected none'],
  [
    /^--$/,
    'found "--", which begins a comment in MariaDB and MySQL only before white space, expected a space after it'
  ],
  [/^`$/, 'found "`", expected double quotes around names in PostgreSQL'],
  [/^\\$/, 'found a backslash, expected none'],
  [/^into$/i, 'found INTO, expected a SELECT that does not write']
]

/** Parameters in other syntaxes, and variables. */
const otherParameter = /^(?:\?|[$@:]\w*|@@\w*)$/

function problemOf(
  tokens: readonly string[],
  parameter: Parameter,
  { type }: { readonly type: SqlType }
): string | undefined {
  const [first = ''] = tokens
  if (first.toLowerCase() !== 'select') return `found ${JSON.stringify(first)} first, expected SELECT`
  for (const each of tokens) {
    if (each.toLowerCase() === parameter) continue
    if (otherParameter.test(each)) return `found "${each}", expected ${parameter} as the only parameter`
    // Why not in PostgreSQL, where it is an operator; MariaDB and MySQL read a comment.
    if (each === '#' && type === 'sqlite') return 'found "#", which SQLite does not know, expected none'
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
