import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { unfitDatabases } from '../../../src/cli/table/unfit-databases.ts'
import { pathText } from '../../../src/settings/load/finding.ts'
import { tableOf } from '../../support/table-of.ts'

const providers = `
providers: [{ id: a, name: A, domains: [a.example], servers: [{ protocol: imap, host: i.example }, { protocol: smtp, host: s.example }] }]
`
const domains = 'SELECT domain FROM customer WHERE domain = :domain'
const list = 'SELECT domain FROM customer WHERE domain > :domain ORDER BY domain LIMIT 1000'
const users = 'SELECT address, login AS username FROM mailbox WHERE address = :address'

/** @returns the findings as text. @param file of both directories */
async function findingsOf(t: Test, settings: string): Promise<string[]> {
  const folder = t.testdir({ 'text.sqlite': 'no database, but a text that is long enough to have a header' })
  const database = new DatabaseSync(join(folder, 'a.sqlite'))
  database.exec('CREATE TABLE customer (domain, provider); CREATE TABLE mailbox (address, login)')
  database.close()
  const faults = await unfitDatabases(tableOf(settings + providers).settings, { folder, env: {} })
  return faults.map(({ severity, path, message }) => `${pathText(path)}: ${severity}: ${message}`)
}

const directory = (query: string, more = '', file = 'a.sqlite') =>
  `directory: { type: sqlite, file: ${file}, query: "${query}"${more} }\n`

t.test('unfit databases: none if the databases fit, are not SQLite, or are not in the settings', async t => {
  t.same(await findingsOf(t, ''), [])
  const people = `users: { type: sqlite, file: a.sqlite, query: "${users}", unknown: "u#######" }`
  t.same(await findingsOf(t, directory(domains, `, list: "${list}"`) + people), [])
  t.same(await findingsOf(t, directory(domains).replace('sqlite, file: a.sqlite', 'postgres, database: d')), [])
})

t.test('unfit databases: a table or column that is missing is a warning about the query that names it', async t => {
  const people = `users: { type: sqlite, file: a.sqlite, query: "${users.replace('login', 'name')}", unknown: "u#######" }`
  const misspelt = directory(
    domains.replace('customer', 'customers'),
    `, list: "${list.replace('ORDER BY domain', 'ORDER BY key')}"`
  )
  t.same(await findingsOf(t, misspelt + people), [
    'directory.query: warning: for a.sqlite, the query fails: no such table: customers',
    'directory.list: warning: for a.sqlite, the query fails: no such column: key',
    'users.query: warning: for a.sqlite, the query fails: no such column: name'
  ])
})

t.test('unfit databases: a file that is no database is one warning for each directory', async t => {
  t.same(await findingsOf(t, directory(domains, `, list: "${list}"`, 'text.sqlite')), [
    'directory.file: warning: cannot use text.sqlite: file is not a database'
  ])
})

t.test('unfit databases: a file that cannot be read is left to the unusable files', async t => {
  t.same(await findingsOf(t, directory(domains, '', 'missing.sqlite')), [])
})
