/**
 * Queries that read no table: they make a login name of the address, such as `SELECT 'EXAMPLE\' || lower(:address) AS username`.
 * All addresses get theirs, so nothing shows which mailboxes exist.
 *
 * Why only functions of texts: other functions may read tables, and an address that only resembles one in the table would reveal a
 * mailbox.
 */

const textFunctions: ReadonlySet<string> = new Set(
  (
    'substr substring substring_index left right lower upper lcase ucase trim ltrim rtrim btrim replace translate concat ' +
    'concat_ws instr position locate strpos split_part char chr char_length character_length length lpad rpad repeat reverse ' +
    'regexp_replace regexp_substr initcap coalesce nullif ifnull if iif cast convert md5 sha1 sha2 hex encode format printf'
  ).split(' ')
)

/** Words before a parenthesis that call nothing. */
const words: ReadonlySet<string> = new Set('select as and or not in case when then else like'.split(' '))

const address = /^["`]?address["`]?$/i

/** Spec: PostgreSQL 17, SELECT: `TABLE name` is a query, too. */
export function isComputed(tokens: readonly string[]): boolean {
  return !tokens.some(token => /^(?:from|table)$/i.test(token))
}

/** @param tokens of a computed query. @returns the function that is not allowed in it, with the reason */
export function computedProblem(tokens: readonly string[]): string | undefined {
  const visible = tokens.filter(token => token.trim() !== '')
  const called = visible.find((token, index) => {
    if (visible[index + 1] !== '(' || !/^[\w"`]/.test(token)) return false
    const isQualified = visible[index - 1] === '.'
    const name = token.toLowerCase()
    return isQualified || !(textFunctions.has(name) || words.has(name))
  })
  return called && `found ${called}() in a query without FROM, expected only functions of texts, such as substr()`
}

/** @returns the computed query with a column for the address, which it need not have; unchanged if it does not use the address */
export function withAddress(tokens: readonly string[]): readonly string[] {
  const isUsed = tokens.some(token => token.toLowerCase() === ':address')
  if (!isUsed || tokens.some(token => address.test(token))) return tokens
  const start = tokens.findIndex(token => !/^(?:select|distinct|all|\s+)$/i.test(token))
  return [...tokens.slice(0, start), ':address', ' AS address, ', ...tokens.slice(start)]
}
