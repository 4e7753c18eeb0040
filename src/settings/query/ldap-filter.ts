/**
 * Parses the LDAP search filter of an administrator (RFC 4515) with a parameter. Because the filter is parsed, the name
 * that is searched for replaces a value and never becomes part of the text of a filter.
 */
import { found } from '../load/finding.ts'
import type { Parameter } from './sql-query.ts'

export type LdapFilter =
  | { readonly kind: 'and' | 'or'; readonly filters: readonly LdapFilter[] }
  | { readonly kind: 'not'; readonly filter: LdapFilter }
  | { readonly kind: 'present'; readonly attribute: string }
  | { readonly kind: Comparison; readonly attribute: string; readonly value: LdapValue }
  | LdapSubstring
  | LdapExtensible

export interface LdapSubstring {
  readonly kind: 'substring'
  readonly attribute: string
  readonly initial: LdapValue
  readonly any: readonly LdapValue[]
  readonly final: LdapValue
}

export interface LdapExtensible {
  readonly kind: 'extensible'
  readonly attribute: string
  /** The matching rule; empty if the filter has none. */
  readonly rule: string
  /** Whether the attributes in the DN of an entry are compared, too (`:dn`). */
  readonly ofName: boolean
  readonly value: LdapValue
}

/** The texts around the parameters: one more than there are parameters. */
export type LdapValue = readonly string[]

type Comparison = 'equal' | 'approximate' | 'greater' | 'less'

/** @returns the filter, or an explanation of what was found and what is allowed */
export function toLdapFilter(
  text: string,
  parameter: Parameter
): { readonly filter: LdapFilter } | { readonly problem: string } {
  const written = text.trim()
  // Why: white space is skipped because long filters are written on several lines.
  const whole = written.startsWith('(') ? written : `(${written})`
  const tokens = Array.from(whole.matchAll(/\(\s*[&|!]|\([^()]*\)|[()]|[^\s()]+/g), ([each]) => each)
  // Why: reversed tokens can be removed from the end, which does not move the others.
  tokens.reverse()
  try {
    const filter = readFilter(tokens, parameter)
    const rest = tokens.pop()
    if (rest !== undefined) throw new Error(`found ${found(rest)} after the filter, expected nothing`)
    if (!hasParameter(filter)) throw new Error(`found no ${parameter} in a value, expected one`)
    return { filter }
  } catch (error) {
    return { problem: (error as Error).message }
  }
}

/** @throws an Error that explains what is wrong */
function readFilter(tokens: string[], parameter: Parameter): LdapFilter {
  const [token = ''] = tokens.splice(-1)
  if (/^\(.*\)$/s.test(token)) return toItem(token.slice(1, -1), parameter)
  if (token === '(') throw new Error(`found "(" that is not closed, expected ")", or \\28 in a value`)
  const sign = token.slice(-1)
  if (!token.startsWith('(')) throw new Error(`found ${found(token)}, expected a filter such as (dc=${parameter})`)
  const filters: LdapFilter[] = []
  while (tokens.length > 0 && tokens.at(-1) !== ')') filters.push(readFilter(tokens, parameter))
  if (tokens.pop() === undefined) throw new Error(`found "(${sign}" that is not closed, expected ")"`)
  const [filter] = filters
  if (filter === undefined) throw new Error(`found nothing after "(${sign}", expected a filter`)
  if (sign !== '!') return { kind: sign === '&' ? 'and' : 'or', filters }
  if (filters.length > 1) throw new Error(`found ${filters.length} filters after "(!", expected one`)
  return { kind: 'not', filter }
}

const comparisons = { '=': 'equal', '~=': 'approximate', '>=': 'greater', '<=': 'less' } as const

/** Spec: RFC 4512 1.4, 2.5: a name or an object identifier, followed by options. */
const attributeType = String.raw`(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)+)(?:;[a-z0-9-]+)*`
const item = new RegExp(`^(${attributeType})(?:([~<>]?=)|(:dn)?(?::([a-z0-9.-]+))?:=)(.*)$`, 'is')

function toItem(text: string, parameter: Parameter): LdapFilter {
  const [, attribute, sign, ofName, rule = '', written = ''] = item.exec(text) ?? []
  if (attribute === undefined) {
    throw new Error(`found ${found(`(${text})`)}, expected an attribute, "=" and a value, such as (dc=${parameter})`)
  }
  if (sign === '=' && written === '*') return { kind: 'present', attribute }
  const [value = [], ...others] = written.split('*').map(part => toValue(part, parameter))
  const final = others.pop()
  if (final !== undefined && (sign !== '=' || others.some(isEmpty))) {
    throw new Error(`found ${found(`(${text})`)}, expected ${sign === '=' ? 'no "**"' : '\\2a for "*"'}`)
  }
  if (final !== undefined) return { kind: 'substring', attribute, initial: value, any: others, final }
  if (sign === undefined) return { kind: 'extensible', attribute, rule, ofName: ofName !== undefined, value }
  return { kind: comparisons[sign as keyof typeof comparisons], attribute, value }
}

const isEmpty = ([first, ...others]: LdapValue) => first === '' && others.length === 0

/** Escaped bytes, words that look like a parameter, and other text. A lone backslash matches none of these. */
const piece = /(?:\\[\da-f]{2})+|:[a-z]\w*|[^\\:]+|:/gi

function toValue(text: string, parameter: Parameter): LdapValue {
  const pieces = text.match(piece) ?? []
  if (pieces.join('').length < text.length) {
    throw new Error(`found a backslash in ${found(text)}, expected two hexadecimal digits after it`)
  }
  const parts = ['']
  for (const each of pieces) {
    if (each.toLowerCase() === parameter) {
      parts.push('')
      continue
    }
    const [last = ''] = parts.splice(-1)
    parts.push(last + plain(each, parameter))
  }
  return parts
}

function plain(text: string, parameter: Parameter): string {
  if (/^:./.test(text)) {
    throw new Error(`found ${found(text)}, expected ${parameter} as the only parameter, or \\3a for ":"`)
  }
  if (!text.startsWith('\\')) return text
  const bytes = Buffer.from(text.replaceAll('\\', ''), 'hex')
  const decoded = bytes.toString()
  if (Buffer.from(decoded).equals(bytes)) return decoded
  throw new Error(`found ${found(text)}, expected the bytes of UTF-8 text`)
}

function hasParameter(filter: LdapFilter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.filters.some(hasParameter)
    case 'not':
      return hasParameter(filter.filter)
    case 'present':
      return false
    case 'substring':
      return [filter.initial, ...filter.any, filter.final].some(({ length }) => length > 1)
    default:
      return filter.value.length > 1
  }
}
