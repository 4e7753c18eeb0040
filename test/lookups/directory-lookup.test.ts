import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { openDirectoryLookup } from '../../src/lookups/directory-lookup.ts'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import { createSource } from '../../src/sources/source.ts'
import { contractTables } from '../support/directories/contract.ts'
import { readableLog } from '../support/readable-log.ts'
import { exampleSettings } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const query = 'SELECT domain, provider, host FROM customer WHERE domain = :domain AND active = 1'

/** @param settings of the directory, in a table with a cache lifetime of one day */
async function customersOf(t: Test, settings: DirectorySettings, folder = t.testdir({})) {
  const { logger, lines } = readableLog()
  const table = tableOf(`cache: { seconds: 86400 }\n${exampleSettings}`)
  const options = { file: join(folder, 'signpost.yaml'), logger, env: { SIGNPOST_DIRECTORY_PASSWORD: 'hunter2' } }
  const customers = await openDirectoryLookup({ table }, settings, options)
  t.teardown(() => customers.directory.close())
  const find = async (domain: string) =>
    await createSource({ table }, { lookUps: [customers.lookUp] }).find({ domain, host: undefined })
  return { ...customers, find, lines }
}

t.test('directory lookup: a domain of an SQLite file is served, and looked up once', async t => {
  const folder = t.testdir({})
  const database = new DatabaseSync(join(folder, 'domains.sqlite'))
  for (const sql of contractTables) database.exec(sql)
  const { find, cache, directory } = await customersOf(t, { type: 'sqlite', file: 'domains.sqlite', query }, folder)
  t.match(await find('plain.example'), { provider: { id: 'example' }, domain: 'plain.example' })
  t.equal((await find('plain.example'))?.provider.id, 'example')
  t.equal(await find('away.example'), undefined)
  t.same(directory.queries, { ok: 2, failed: 0, refused: 0 })
  t.match(cache.counts, { miss: 2, hit: 1 })
  database.exec("UPDATE customer SET active = 1 WHERE domain = 'away.example'")
  cache.invalidate()
  t.equal((await find('away.example'))?.provider.id, 'example')
  database.close()
})

t.test('directory lookup: domains with the same entry share it in the cache', async t => {
  const folder = t.testdir({})
  const database = new DatabaseSync(join(folder, 'domains.sqlite'))
  database.exec('CREATE TABLE customer (domain TEXT, provider TEXT, host TEXT, active INTEGER)')
  database.exec("INSERT INTO customer VALUES ('a.example', 'example', NULL, 1), ('b.example', 'example', NULL, 1)")
  database.close()
  const { cache } = await customersOf(t, { type: 'sqlite', file: 'domains.sqlite', query }, folder)
  const entry = await cache.find('a.example')
  t.match(entry, { provider: 'example' })
  t.equal(await cache.find('b.example'), entry)
})

t.test(
  'directory lookup: an unreachable database does not affect the table, and its password is not logged',
  async t => {
    for (const type of ['postgres', 'mysql'] as const) {
      // Why port 1: it is closed.
      const { find, directory, lines } = await customersOf(t, { type, query, database: 'mail', port: 1 })
      t.equal((await find('example.com'))?.provider.id, 'example')
      t.same(lines, [])
      await t.rejects(find('plain.example'), { code: 'AC_UNAVAILABLE' })
      t.equal(directory.up, false)
      t.match(lines.join(''), /"code":"ECONNREFUSED",.*the directory does not answer/)
      t.notMatch(lines.join(''), 'hunter2')
    }
  }
)

t.test('directory lookup: invalid settings are rejected at startup', async t => {
  for (const [settings, message] of [
    [{ type: 'sqlite', file: 'a', query: 'SELECT 1' }, 'directory.query: found no :domain'],
    [{ type: 'postgres', query, passwordFile: 'none' }, 'directory.passwordFile: cannot read the file: no such file'],
    [{ type: 'mysql', query, passwordFile: 'none' }, 'directory.passwordFile: cannot read the file: no such file']
  ] as const) {
    await t.rejects(customersOf(t, settings), { code: 'AC_SETTINGS_INVALID', message })
  }
})

t.test('directory lookup: the environment defaults to that of the process', async t => {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'password'), 'hunter2')
  const options = { file: join(folder, 'signpost.yaml'), logger: readableLog().logger }
  const settings = { type: 'postgres', query, database: 'mail', port: 1, timeoutMilliseconds: 500 } as const
  const { directory } = await openDirectoryLookup({ table: tableOf(exampleSettings) }, settings, options)
  t.teardown(() => directory.close())
  await t.rejects(directory.find('plain.example'), { code: 'ECONNREFUSED' })
})
