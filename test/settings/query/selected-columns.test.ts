import t from 'tap'
import { selectedColumns } from '../../../src/settings/query/selected-columns.ts'

t.test('selected columns: names are known from columns, qualified columns and AS', async t => {
  for (const [text, names] of [
    ['SELECT address, login AS username FROM mailbox WHERE address = :address', ['address', 'username']],
    ['select DISTINCT m.Address , concat(a, (b), c) as `Username` from m', ['address', 'username']],
    ['SELECT "address" UNION SELECT b', ['address']],
    ["SELECT (SELECT a FROM b) AS address, 'x, y' AS c", ['address', 'c']],
    ['SELECT all_of, a;', ['all_of', 'a']]
  ] as const) {
    t.same(selectedColumns(text, { type: 'mysql' }), names, text)
  }
})

t.test('selected columns: expressions without a name, and all columns, are unknown', async t => {
  for (const text of [
    'SELECT * FROM a',
    'SELECT m.* FROM m',
    'SELECT address, lower(login) FROM a',
    'SELECT address a FROM b',
    'SELECT login::text FROM a',
    "SELECT login AS 'address' FROM a",
    'SELECT 1',
    'SELECT DISTINCT FROM a',
    'SELECT DISTINCT ON (a) a, b FROM c',
    'SELECT [address] FROM a',
    "SELECT 'a",
    ''
  ]) {
    t.equal(selectedColumns(text, { type: 'sqlite' }), undefined, text)
  }
})
