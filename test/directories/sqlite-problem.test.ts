import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { sqliteProblem } from '../../src/directories/sqlite-problem.ts'

const columns = { columns: ['domain', 'provider'], key: 'domain' } as const

function fileOf(t: Test): string {
  const file = join(
    t.testdir({ 'text.sqlite': 'no database, but a text that is long enough to have a header' }),
    'a.sqlite'
  )
  const database = new DatabaseSync(file)
  database.exec('CREATE TABLE customer (domain, provider)')
  database.close()
  return file
}

const problemOf = (file: string, start: string, timeoutMs = 100) =>
  sqliteProblem({ parts: [`SELECT ${start} WHERE domain = `, ''] }, file, { columns, timeoutMs })

t.test('sqlite problem: none if the file has the table and the columns of the query', async t => {
  t.equal(await problemOf(fileOf(t), 'domain, provider FROM customer'), undefined)
})

t.test(
  'sqlite problem: a table or column that does not exist, and a wrong result column, are problems of the query',
  async t => {
    const file = fileOf(t)
    for (const [start, text] of [
      ['domain FROM customers', 'fails: no such table: customers'],
      ['domain, host AS provider FROM customer', 'fails: no such column: host'],
      ['domain, 1 AS host FROM customer', 'returns a column "host", expected some of domain, provider'],
      ['provider FROM customer', 'returns no column "domain", expected the stored domain']
    ] as const) {
      t.same(await problemOf(file, start), { origin: 'query', text })
    }
  }
)

t.test(
  'sqlite problem: a file that is missing or no database is a problem of the file, and is not created',
  async t => {
    const folder = join(fileOf(t), '..')
    const missing = join(folder, 'missing.sqlite')
    t.same(await problemOf(missing, 'domain FROM customer'), { origin: 'file', text: 'unable to open database file' })
    t.notOk(existsSync(missing))
    const text = await problemOf(join(folder, 'text.sqlite'), 'domain FROM customer')
    t.same(text, { origin: 'file', text: 'file is not a database' })
    t.same(await problemOf(folder, 'domain FROM customer'), { origin: 'file', text: 'it is not an ordinary file' })
  }
)

t.test('sqlite problem: waits while another process writes, but not forever', async t => {
  const file = fileOf(t)
  const writer = new DatabaseSync(file)
  t.teardown(() => writer.close())
  writer.exec('BEGIN EXCLUSIVE')
  t.same(await problemOf(file, 'domain FROM customer', 20), { origin: 'file', text: 'database is locked' })
  const waiting = problemOf(file, 'domain FROM customer', 10_000)
  await new Promise(setImmediate)
  writer.exec('COMMIT')
  t.equal(await waiting, undefined)
})

t.test('sqlite problem: the query does not run', async t => {
  const endless = 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT i AS domain FROM n WHERE i = '
  t.equal(await sqliteProblem({ parts: [endless, ''] }, fileOf(t), { columns, timeoutMs: 100 }), undefined)
})
