/**
 * Splits SQL into words, quoted text, signs and white space, as the configured database does. Comments become a space.
 *
 * Spec: sqlite.org/lang_expr.html ("Literal Values"), lang_comment.html and lang_keywords.html; PostgreSQL 17, 4.1; MySQL 8.4, 9.1,
 * 9.2 and 9.7; MariaDB, "Comment Syntax" and "Identifier Names".
 */

/** Databases with SQL. They differ in comments, and in what a backslash and a dollar sign mean. */
export type SqlType = 'sqlite' | 'postgres' | 'mysql'

/**
 * A cast (::text) and := are single tokens, and `--`, `/*`, `#`, `[` and `$tag$` begin longer ones. `$` and letters other than ASCII belong
 * to names in all three databases, but `$` begins none.
 *
 * In SQLite, a backslash in quoted text is an ordinary character. In PostgreSQL, it is one unless the text begins with E. In
 * MariaDB and MySQL, it escapes the next character of a string. directories/ makes sure that no setting of a server changes this.
 */
const patterns: Readonly<Record<SqlType, RegExp>> = {
  sqlite:
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|::|:=|@@?\w*|[:$]\w*|[\w\u0080-\uffff][\w$\u0080-\uffff]*|--|\/\*|\*\/|\s+|[^\s\w'"`]/y,
  postgres:
    /[Ee]'(?:[^'\\]|''|\\[\s\S])*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|`|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|::|:=|@@?\w*|[:$]\w*|[\w\u0080-\uffff][\w$\u0080-\uffff]*|--|\/\*|\*\/|\s+|[^\s\w'"`]/y,
  // Why no backslash between double quotes: with ANSI_QUOTES they enclose a name, in which it escapes nothing.
  mysql:
    /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|"")*"|`[^`]*`|\/\*M?[!+]|::|:=|@@?\w*|[:$]\w*|[\w\u0080-\uffff][\w$\u0080-\uffff]*|--|\/\*|\*\/|\s+|[^\s\w'"`]/y
}

/**
 * @returns the tokens without white space at both ends and without a final `;`. A comment that is not closed or that the database
 * does not read as one is left as its first sign. Undefined if a quote is not closed
 */
export function tokensOf(text: string, type: SqlType): readonly string[] | undefined {
  const pattern = patterns[type]
  pattern.lastIndex = 0
  const tokens: string[] = []
  while (pattern.lastIndex < text.length) {
    const start = pattern.lastIndex
    const [token] = pattern.exec(text) ?? []
    if (token === undefined) return undefined
    const long = longToken(token, { text, start, type })
    if (long === undefined) {
      tokens.push(token)
      continue
    }
    if (long.end < 0) return long.isComment ? trimmed([...tokens, token]) : undefined
    tokens.push(long.isComment ? ' ' : text.slice(start, long.end))
    pattern.lastIndex = long.end
  }
  return trimmed(tokens)
}

interface TokenStart {
  readonly text: string
  readonly start: number
  readonly type: SqlType
}

interface LongToken {
  readonly isComment: boolean
  /** The offset after it; negative if it is not closed. */
  readonly end: number
}

/** @returns the comment or the quoted text that the token begins; undefined if the token is complete */
function longToken(token: string, { text, start, type }: TokenStart): LongToken | undefined {
  const from = start + token.length
  if (token === '[' && type === 'sqlite') return { isComment: false, end: after(text, ']', from) }
  if (type === 'postgres' && /^\$.*\$$/s.test(token)) return { isComment: false, end: after(text, token, from) }
  if (token === '/*') {
    return { isComment: true, end: type === 'postgres' ? endOfNested(text, start) : after(text, '*/', from) }
  }
  const isLine = token === '--' && (type !== 'mysql' || /^[\t-\r ]?$/.test(text.charAt(from)))
  if (!isLine && !(token === '#' && type === 'mysql')) return undefined
  return { isComment: true, end: endOfLine(text, from, type) }
}

function after(text: string, closing: string, from: number): number {
  const at = text.indexOf(closing, from)
  return at < 0 ? at : at + closing.length
}

/** Spec: PostgreSQL 17, 4.1.5: comments nest. */
function endOfNested(text: string, start: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  let depth = 0
  for (let match = mark.exec(text); match !== null; match = mark.exec(text)) {
    depth += match[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex
  }
  return -1
}

/** The line break is not part of the comment. */
function endOfLine(text: string, from: number, type: SqlType): number {
  const lineBreak = type === 'postgres' ? /[\n\r]/g : /\n/g
  lineBreak.lastIndex = from
  return lineBreak.exec(text)?.index ?? text.length
}

function trimmed(tokens: readonly string[]): readonly string[] {
  const isSpace = (token: string | undefined) => token?.trim() === ''
  const start = tokens.findIndex(token => !isSpace(token))
  let end = tokens.length
  const trimEnd = () => {
    while (end > 0 && isSpace(tokens[end - 1])) end--
  }
  trimEnd()
  if (tokens[end - 1] === ';') {
    end--
    trimEnd()
  }
  return start < 0 ? [] : tokens.slice(start, end)
}
