import fc from 'fast-check'
import t from 'tap'
import { type Parameter, toSqlQuery as toQuery } from '../../../src/settings/query/sql-query.ts'
import type { SqlType } from '../../../src/settings/query/sql-tokens.ts'

const toSqlQuery = (text: string, parameter: Parameter, type: SqlType = 'mysql') => toQuery(text, parameter, { type })

const partsOf = (text: string) => {
  const query = toSqlQuery(text, ':domain')
  return 'parts' in query ? query.parts : []
}
const problemOf = (text: string) => {
  const query = toSqlQuery(text, ':domain')
  return 'problem' in query ? query.problem : undefined
}

t.test('sql-query: is split at the domain', async t => {
  for (const [text, parts] of [
    ['SELECT 1 FROM a WHERE b = :domain', ['SELECT 1 FROM a WHERE b = ', '']],
    ['select 1 from a where b=:domain and c', ['select 1 from a where b=', ' and c']],
    ['\n  SELECT 1 FROM a\n  WHERE b = :DOMAIN ;\n', ['SELECT 1 FROM a\n  WHERE b = ', '']],
    ['SELECT :domain, b FROM c WHERE d = :domain', ['SELECT ', ', b FROM c WHERE d = ', '']],
    ['SELECT 1 FROM a WHERE b = :domain::citext', ['SELECT 1 FROM a WHERE b = ', '::citext']],
    ['SELECT (1)FROM a WHERE b=lower(:domain)', ['SELECT (1)FROM a WHERE b=lower(', ')']],
    [
      `SELECT 'a:domain; -- ?' AS "b?", \`c:d\` FROM e WHERE f = :domain`,
      [`SELECT 'a:domain; -- ?' AS "b?", \`c:d\` FROM e WHERE f = `, '']
    ],
    ["SELECT 'it''s :domain' FROM a WHERE b = :domain", ["SELECT 'it''s :domain' FROM a WHERE b = ", '']],
    [
      'SELECT a - b, c / d, e * f, g->>h FROM i WHERE j = :domain',
      ['SELECT a - b, c / d, e * f, g->>h FROM i WHERE j = ', '']
    ]
  ] as const) {
    t.same(partsOf(text), parts, text)
  }
})

t.test('sql-query: is split at the address if the parameter is an address', async t => {
  t.same(toSqlQuery('SELECT a FROM b WHERE c = :address', ':address'), { parts: ['SELECT a FROM b WHERE c = ', ''] })
  for (const [text, problem] of [
    ['SELECT 1', 'found no :address outside quotes, expected one'],
    ...[
      'SELECT :address AS address, a AS username FROM b WHERE c = :address',
      'SELECT a FROM b WHERE c = :address UNION SELECT :ADDRESS',
      'SELECT a FROM b JOIN (select :address AS c) d ON d.c = b.c'
    ].map(text => [text, 'found :address between SELECT and FROM, expected the stored address'] as const),
    ['SELECT :address, :domain', 'found ":domain", expected :address as the only parameter']
  ] as const) {
    t.same(toSqlQuery(text, ':address'), { problem })
  }
})

t.test('sql-query: anything but one SELECT with :domain is refused with a reason', async t => {
  for (const [text, problem] of [
    ['', 'found "" first, expected SELECT'],
    ['DELETE FROM a WHERE b = :domain', 'found "DELETE" first, expected SELECT'],
    ['WITH a AS (SELECT 1) SELECT :domain', 'found "WITH" first, expected SELECT'],
    ['(SELECT :domain)', 'found "(" first, expected SELECT'],
    ['SELECT 1 FROM a', 'found no :domain outside quotes, expected one'],
    ["SELECT 1 FROM a WHERE b = ':domain'", 'found no :domain outside quotes, expected one'],
    ['SELECT 1; SELECT :domain', 'found ";", expected one statement'],
    ['SELECT :domain;;', 'found ";", expected one statement'],
    [
      'SELECT :domain --all',
      'found "--", which begins a comment in MariaDB and MySQL only before white space, expected a space after it'
    ],
    ['SELECT :domain /* all', 'found "/*" that is not closed, expected "*/" after the comment'],
    ['SELECT :domain */', 'found "*/" without "/*", expected none'],
    ['SELECT :domain /*!, a */', 'found a comment that MariaDB or MySQL executes, expected none'],
    ['SELECT :domain /*M!100100 , a */', 'found a comment that MariaDB or MySQL executes, expected none'],
    ['SELECT /*+ NO_ICP(a) */ :domain', 'found a comment that MariaDB or MySQL executes, expected none'],
    ['-- SELECT :domain', 'found "" first, expected SELECT'],
    ['SELECT 1 FROM a WHERE b = $1', 'found "$1", expected :domain as the only parameter'],
    ['SELECT 1 FROM a WHERE b = ?', 'found "?", expected :domain as the only parameter'],
    ['SELECT 1 FROM a WHERE b = @domain', 'found "@domain", expected :domain as the only parameter'],
    ['SELECT @@version, :domain', 'found "@@version", expected :domain as the only parameter'],
    ['SELECT 1 FROM a WHERE b = :domain AND c = :user', 'found ":user", expected :domain as the only parameter'],
    ['SELECT 1 FROM a WHERE b = :domains', 'found ":domains", expected :domain as the only parameter'],
    ['SELECT $$:domain$$', 'found "$", expected :domain as the only parameter'],
    ['SELECT :domain INTO outfile', 'found INTO, expected a SELECT that does not write'],
    ['SELECT \\ :domain', 'found a backslash, expected none'],
    ["SELECT 'it's :domain'", 'found a quote that is not closed, expected quotes in pairs'],
    ["SELECT 'a\\' OR :domain", 'found a quote that is not closed, expected quotes in pairs, and \\\\ for a backslash'],
    ['SELECT "a\\" OR :domain', 'found a quote that is not closed, expected quotes in pairs, and \\\\ for a backslash'],
    ['SELECT "a, :domain', 'found a quote that is not closed, expected quotes in pairs'],
    ['SELECT `a, :domain', 'found a quote that is not closed, expected quotes in pairs']
  ] as const) {
    t.equal(problemOf(text), problem, text)
  }
})

t.test('sql-query: signs that only one database knows are refused for the others', async t => {
  for (const [type, text, problem] of [
    ['sqlite', 'SELECT a # b, :domain', /^found "#", which SQLite does not know/],
    ['postgres', 'SELECT `a`, :domain', /^found "`", expected double quotes around names in PostgreSQL$/],
    ['postgres', 'SELECT $a$ $b$, :domain', /^found a quote that is not closed/],
    ['mysql', 'SELECT $$a$$, :domain', /^found "\$", expected :domain as the only parameter$/],
    ['sqlite', 'SELECT $$a$$, :domain', /^found "\$", expected :domain as the only parameter$/]
  ] as const) {
    t.match(toSqlQuery(text, ':domain', type), { problem }, text)
  }
  const path = "SELECT a #>> '{b}' FROM c WHERE d = "
  t.same(toSqlQuery(`${path}:domain`, ':domain', 'postgres'), { parts: [path, ''] })
})

t.test('sql-query: a backslash in quotes means what it means in the configured database', async t => {
  const all: readonly SqlType[] = ['sqlite', 'postgres', 'mysql']
  for (const [text, ...whole] of [
    ["SELECT 'EXAMPLE\\' || a FROM b WHERE c = :domain", 'sqlite', 'postgres'],
    ["SELECT 'EXAMPLE\\\\' || a FROM b WHERE c = :domain", 'sqlite', 'postgres', 'mysql'],
    ["SELECT 'it\\'s' FROM b WHERE c = :domain", 'mysql'],
    ["SELECT E'EXAMPLE\\\\' || a FROM b WHERE c = :domain", 'sqlite', 'postgres', 'mysql'],
    ["SELECT e'it\\'s' FROM b WHERE c = :domain", 'postgres', 'mysql'],
    ["SELECT nameE'a\\' FROM b WHERE c = :domain", 'sqlite', 'postgres'],
    ['SELECT "a\\" FROM b WHERE c = :domain', 'sqlite', 'postgres']
  ] as const) {
    for (const type of all) {
      const query = toSqlQuery(text, ':domain', type)
      const isWhole = whole.some(each => each === type)
      t.same(
        'parts' in query ? query.parts : undefined,
        isWhole ? [text.replace(':domain', ''), ''] : undefined,
        `${type}: ${text}`
      )
    }
  }
  const hidden = "SELECT 'a\\' , :domain, ' b FROM c'"
  t.match(toSqlQuery(hidden, ':domain', 'mysql'), { problem: /not closed/ })
  t.same(toSqlQuery(hidden, ':domain', 'sqlite'), { parts: ["SELECT 'a\\' , ", ", ' b FROM c'"] })
  const escaped = "SELECT 'a\\' , :domain, \\' b FROM c'"
  t.match(toSqlQuery(escaped, ':domain', 'mysql'), { problem: 'found no :domain outside quotes, expected one' })
})

const anyQuoted = fc
  .tuple(fc.constantFrom("'", '"'), fc.string())
  .map(([quote, text]) => quote + text.replaceAll('\\', '').replaceAll(quote, quote + quote) + quote)
const anyPiece = fc.oneof(
  fc.constantFrom(':domain', ' ', 'FROM', 'a', '=', '::text', ':=', '(', ')', ',', ';', '--', '?', '$1', ':user', '@a'),
  anyQuoted
)

t.test('sql-query: its parts joined equal the written query, and quoted texts are not split', async t => {
  const anyQuery = fc.array(anyPiece, { maxLength: 20 }).map(pieces => `SELECT ${pieces.join(' ')}`)
  let accepted = 0
  fc.assert(
    fc.property(anyQuery, text => {
      const query = toSqlQuery(text, ':domain')
      if ('problem' in query) return query.problem !== ''
      accepted += 1
      const again = query.parts.join(':domain')
      return (
        (text.includes('--') || again === text.trim().replace(/\s*;$/, '')) &&
        query.parts.every(part => toSqlQuery(`SELECT :domain ${part}`, ':domain'))
      )
    }),
    { numRuns: 2000 }
  )
  t.ok(accepted > 50, `${accepted} were right`)
})

t.test('sql-query: outside of quotes nothing else is left that means something', async () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.array(anyPiece, { maxLength: 8 }), (stray, pieces) => {
      const query = toSqlQuery(`SELECT ${pieces.join('')}${stray} :domain`, ':domain')
      if ('problem' in query) return true
      const bare = query.parts.join('').replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`/g, '')
      return !/[;?#\\@]|(?<![\w$\u0080-\uffff])\$|--|\/\*|(?<!:):[a-z_]|'|"|`/i.test(bare)
    }),
    { numRuns: 5000 }
  )
})
