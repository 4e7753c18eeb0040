import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import t from 'tap'
import { type SqlType, tokensOf } from '../../../src/settings/query/sql-tokens.ts'
import { superlinear } from '../../support/cpu-time.ts'

const all: readonly SqlType[] = ['sqlite', 'postgres', 'mysql']
const textOf = (text: string, type: SqlType) => tokensOf(text, type)?.join('')

t.test('sql-tokens: comments become a space, whatever signs they contain', async t => {
  for (const type of all) {
    for (const [text, expected] of [
      ["SELECT a -- don't; :domain\nFROM b", 'SELECT a  \nFROM b'],
      ['SELECT a /* it\'s :domain; "x */ FROM b', 'SELECT a   FROM b'],
      ['SELECT a/**/FROM b', 'SELECT a FROM b'],
      ["-- who's who\nSELECT a", 'SELECT a'],
      ['/* first */ SELECT a -- last', 'SELECT a'],
      ['SELECT a; -- last\n', 'SELECT a'],
      ['SELECT a --', 'SELECT a'],
      ["SELECT '-- no /* comment' FROM b", "SELECT '-- no /* comment' FROM b"],
      ['SELECT "/*" FROM b', 'SELECT "/*" FROM b'],
      ['SELECT a - b / c * d', 'SELECT a - b / c * d'],
      ['SELECT a /* not closed', 'SELECT a /*'],
      ['', '']
    ] as const) {
      t.equal(textOf(text, type), expected, `${type}: ${text}`)
    }
    t.equal(tokensOf("SELECT 'a", type), undefined)
  }
})

t.test('sql-tokens: each database has its own comments', async t => {
  for (const [text, sqlite, postgres, mysql] of [
    ['a --b', 'a', 'a', 'a --b'],
    ['a # b', 'a # b', 'a # b', 'a'],
    ['a /* b /* c */ d */ e', 'a   d */ e', 'a   e', 'a   d */ e'],
    ['a /* b /* c */ d', 'a   d', 'a /*', 'a   d'],
    ['a -- b\rc', 'a', 'a  \rc', 'a'],
    ['a /*!b */', 'a', 'a', 'a /*!b */'],
    ['a /*+ b */', 'a', 'a', 'a /*+ b */']
  ] as const) {
    t.same(
      all.map(type => textOf(text, type)),
      [sqlite, postgres, mysql],
      text
    )
  }
})

t.test('sql-tokens: texts in dollar signs are one token in PostgreSQL, and names may contain dollar signs', async t => {
  const tokens = (text: string, type: SqlType) => tokensOf(text, type)?.filter(token => token.trim() !== '')
  for (const text of ["$$it's :domain; -- a$$", '$tag$a $$ b $x$ c$tag$', '$é$a$é$']) {
    t.same(tokens(`a ${text} b`, 'postgres'), ['a', text, 'b'], text)
    t.not(tokens(`a ${text} b`, 'sqlite')?.length, 3, text)
  }
  t.equal(tokensOf('a $tag$b$other$', 'postgres'), undefined)
  for (const type of all) t.same(tokens('a$b$c, é$d', type), ['a$b$c', ',', 'é$d'], type)
})

t.test('sql-tokens: brackets enclose a name in SQLite only', async t => {
  t.same(tokensOf("[it's]", 'sqlite'), ["[it's]"])
  t.equal(tokensOf("[it's]", 'postgres'), undefined)
  t.equal(tokensOf('[a', 'sqlite'), undefined)
  t.same(tokensOf('a[1', 'postgres'), ['a', '[', '1'])
})

t.test('sql-tokens: takes linear time for comments, brackets and dollar signs that are not closed', async t => {
  for (const type of all) {
    for (const piece of ['[', '/*', '-- \n', '$a$', '$$', '#', '*/', '/**/']) {
      const growth = await superlinear(size => tokensOf(piece.repeat(size), type), { size: 40_000, freeMs: 200 })
      t.equal(growth, undefined, `${type}: ${piece}`)
    }
  }
})

t.test('sql-tokens: SQLite gets the same result without the comments', async t => {
  const database = new DatabaseSync(':memory:')
  t.teardown(() => database.close())
  const valuesOf = (sql: string) => {
    try {
      // Why only values: the name of a column is its expression with its comments.
      const statement = database.prepare(sql)
      statement.setReturnArrays(true)
      return JSON.stringify(statement.all())
    } catch {
      return 'error'
    }
  }
  const piece = fc.constantFrom(
    ...[
      '1',
      'AS',
      'a',
      ',',
      ' ',
      "'",
      '"',
      '`',
      '[',
      ']',
      '--',
      '/*',
      '*/',
      '\n',
      '\r',
      '-',
      '/',
      '*',
      "'x'",
      '$',
      '#',
      '\\'
    ]
  )
  let compared = 0
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const sql = `SELECT 1 ${pieces.join('')}`
      const result = valuesOf(sql)
      const stripped = textOf(sql, 'sqlite')
      // Why not others: SQLite accepts a comment that is not closed, which is an error here.
      if (result === 'error' || stripped === undefined || stripped.endsWith('/*')) return true
      if (sql !== stripped) compared += 1
      return valuesOf(stripped) === result
    }),
    { numRuns: 5000, seed: 1 }
  )
  t.ok(compared > 100, `${compared} had comments`)
})
