import { DatabaseSync } from 'node:sqlite'
import t from 'tap'
import { toSqlQuery } from '../../../src/settings/query/sql-query.ts'
import type { SqlType } from '../../../src/settings/query/sql-tokens.ts'

const partsOf = (text: string, type: SqlType = 'sqlite') => toSqlQuery(text, ':address', { type })

t.test('computed query: it may use the address anywhere, and gets a column for it', async t => {
  for (const [text, parts] of [
    ['SELECT lower(:address) AS username', ['SELECT ', ' AS address, lower(', ') AS username']],
    ['select distinct :address username', ['select distinct ', ' AS address, ', ' username']],
    ['SELECT :address AS address, 1 AS username', ['SELECT ', ' AS address, 1 AS username']],
    [
      "SELECT CASE WHEN (:address LIKE '%.de') THEN ('a') ELSE ('b') END AS username",
      ['SELECT ', ' AS address, CASE WHEN (', " LIKE '%.de') THEN ('a') ELSE ('b') END AS username"]
    ]
  ] as const) {
    t.same(partsOf(text), { parts }, text)
  }
})

t.test('computed query: functions that may read tables are refused', async t => {
  for (const [text, name] of [
    ['SELECT login_of(:address) AS username', 'login_of'],
    ['SELECT "login_of"(:address) AS username', '"login_of"'],
    ['SELECT own . substr (:address, 1) AS username', 'substr'],
    ['SELECT query_to_xml(:address) AS username', 'query_to_xml']
  ] as const) {
    const problem = `found ${name}() in a query without FROM, expected only functions of texts, such as substr()`
    t.same(partsOf(text, 'postgres'), { problem }, text)
  }
  t.match(partsOf('SELECT (TABLE mailbox) AS username, :address AS address', 'postgres'), {
    problem: /^found :address between SELECT and FROM/
  })
  t.same(partsOf("SELECT 'all' AS username"), { problem: 'found no :address outside quotes, expected one' })
})

t.test('computed query: SQLite and PostgreSQL take a backslash at the end of a text, MariaDB two', async t => {
  const query = (slashes: string) =>
    `SELECT 'EXAMPLE${slashes}' || substr(:address, 1, instr(:address, '@') - 1) AS username`
  const [one, two] = [query('\\'), query('\\\\')]
  t.match(partsOf(one), { parts: { length: 4 } })
  t.match(partsOf(one, 'postgres'), { parts: { length: 4 } })
  t.match(partsOf(one, 'mysql'), { problem: 'and \\\\ for a backslash' })
  t.match(partsOf(two, 'mysql'), { parts: { length: 4 } })
  const made = partsOf(one)
  if ('problem' in made) throw new Error(made.problem)
  const row = new DatabaseSync(':memory:').prepare(made.parts.join(':asked')).get({ ':asked': 'jane@example.com' })
  t.same({ ...row }, { address: 'jane@example.com', username: 'EXAMPLE\\jane' })
})
