/**
 * SQLite files of a stranger: nothing in them is computed, and what is read of them is limited.
 */
import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { readAutomx2 } from '../../src/importers/formats/automx2/database.ts'
import { cpuMs } from '../support/cpu-time.ts'

const endless = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n ORDER BY -i'

const tables = {
  provider: 'CREATE TABLE provider (id INTEGER PRIMARY KEY, name, short_name)',
  domain: 'CREATE TABLE domain (id INTEGER PRIMARY KEY, name, provider_id, ldapserver_id)',
  server:
    'CREATE TABLE server (id INTEGER PRIMARY KEY, prio, name, port, type, socket_type, user_name, authentication)',
  server_domain: 'CREATE TABLE server_domain (server_id, domain_id)'
}

function databaseOf(t: Test, changes: Partial<typeof tables>, more = ''): string {
  const file = join(t.testdir({}), 'db.sqlite')
  const database = new DatabaseSync(file, { defensive: false })
  database.exec(`${Object.values({ ...tables, ...changes }).join(';')};${more}`)
  database.close()
  return file
}

async function reasonOf(t: Test, file: string): Promise<string> {
  let reason = ''
  const ms = await cpuMs(() => {
    const read = readAutomx2(file)
    if ('reason' in read) reason = read.reason
  })
  t.ok(ms < 3000, `${ms} ms`)
  return reason
}

t.test('automx2: a view is not read instead of a table, even if the schema claims another type', async t => {
  const view = { provider: `CREATE VIEW provider AS ${endless}` }
  t.match(await reasonOf(t, databaseOf(t, view)), /without provider,/)
  const hidden = `PRAGMA writable_schema = ON; UPDATE sqlite_schema SET type = 'table' WHERE name = 'provider'`
  t.match(await reasonOf(t, databaseOf(t, view, hidden)), /without provider,|SQLite says/)
})

t.test('automx2: a virtual table is not read', async t => {
  const virtual = { domain: 'CREATE VIRTUAL TABLE domain USING fts5(name, provider_id)' }
  t.match(await reasonOf(t, databaseOf(t, virtual)), /without domain,/)
})

t.test('automx2: a generated column is not read', async t => {
  const bare = { provider: 'CREATE TABLE provider (id INTEGER PRIMARY KEY)' }
  // Why added afterwards: SQLite computes generated columns of each row that it inserts.
  const more = `
    INSERT INTO provider (id) VALUES (1), (2), (3), (4);
    ALTER TABLE provider ADD COLUMN name AS (hex(zeroblob(400000000)));
    ALTER TABLE provider ADD COLUMN short_name AS (length(name))`
  const file = databaseOf(t, bare, more)
  t.equal(await reasonOf(t, file), '')
  t.same(Reflect.get(readAutomx2(file), 'provider'), [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }])
})

t.test('automx2: a table without any column of automx2 has no rows', async t => {
  const file = databaseOf(t, { domain: 'CREATE TABLE domain (x)' }, 'INSERT INTO domain VALUES (1)')
  t.same(Reflect.get(readAutomx2(file), 'domain'), [])
})

t.test('automx2: rows, their bytes and the file are limited', async t => {
  const count = (most: number) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most})`
  const rows = databaseOf(t, {}, `${count(100_001)} INSERT INTO domain (id) SELECT i FROM n`)
  t.match(await reasonOf(t, rows), /found more than 100000 rows in domain/)
  const bytes = databaseOf(t, {}, `${count(40)} INSERT INTO provider (id, name) SELECT i, zeroblob(1000000) FROM n`)
  t.match(await reasonOf(t, bytes), /found more than 33554432 bytes in its rows/)
  const large = databaseOf(t, {})
  truncateSync(large, 64 * 1024 * 1024 + 1)
  t.match(await reasonOf(t, large), /^a database of 67108865 bytes \(at most 67108864 are read\)/)
})
