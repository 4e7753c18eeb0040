/**
 * The names of the columns that a query returns, as far as they are known without a database.
 */
import { type SqlType, tokensOf } from './sql-tokens.ts'

const afterColumns = /^(?:from|where|group|having|window|union|intersect|except|order|limit|offset|fetch|for)$/i

/** @returns the names in lower case; undefined if there is an expression without a name, or `*` */
export function selectedColumns(text: string, { type }: { readonly type: SqlType }): readonly string[] | undefined {
  const [, ...tokens] = (tokensOf(text, type) ?? []).filter(token => token.trim() !== '')
  let column: string[] = []
  const columns = [column]
  let depth = 0
  for (const token of tokens) {
    if (token === '(') depth++
    if (token === ')') depth--
    if (depth === 0 && afterColumns.test(token)) break
    if (depth === 0 && token === ',') {
      column = []
      columns.push(column)
    } else {
      column.push(token)
    }
  }
  const names = columns.map(nameOf)
  return names.every(name => name !== undefined) ? names : undefined
}

/** @returns undefined if the database invents the name */
function nameOf([first = '', ...others]: readonly string[]): string | undefined {
  const column = /^(?:distinct|all)$/i.test(first) ? others : [first, ...others]
  const last = column.at(-1) ?? ''
  const before = column.at(-2)?.toLowerCase()
  const isName = column.length === 1 || before === 'as' || (column.length === 3 && before === '.')
  const name = /^["`]?([A-Za-z_]\w*)["`]?$/.exec(last)?.[1]
  return isName ? name?.toLowerCase() : undefined
}
