import { EventEmitter, once } from 'node:events'
import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { openDirectory } from '../../src/directories/open-directory.ts'
import { openSqlite } from '../../src/directories/sqlite.ts'
import { entryReading } from '../../src/lookups/directory-entry.ts'
import { contractTables, directoryContract, sqlQuestions } from '../support/directories/contract.ts'
import { hosterContract } from '../support/directories/hoster-contract.ts'
import { silentLogger } from '../support/silent-logger.ts'

const reader = entryReading
const parts = ['SELECT domain, provider FROM customer WHERE domain = ', '']

function fileOf(t: Test): string {
  const file = join(t.testdir({}), 'domains.sqlite')
  fill(file)
  return file
}

function fill(file: string, tables: readonly string[] = contractTables): void {
  const database = new DatabaseSync(file)
  for (const sql of tables) database.exec(sql)
  database.close()
}

// Why not t.testdir: outside a test, it belongs to the whole suite.
const shared = mkdtempSync(join(tmpdir(), 'sqlite-'))
t.teardown(() => rmSync(shared, { recursive: true }))
const contractFile = join(shared, 'contract.sqlite')
fill(contractFile)
directoryContract(t, 'sqlite', {
  questions: sqlQuestions,
  open: (text, reader) =>
    openDirectory({ type: 'sqlite', file: contractFile, query: text }, reader, {
      folder: '/',
      env: {},
      logger: silentLogger
    })
})

hosterContract(t, 'sqlite', async ({ name, tables }, { query = '' }) => {
  const file = join(shared, `${name}.sqlite`)
  fill(file, tables.sqlite)
  return await openDirectory({ type: 'sqlite', file, query }, entryReading, {
    folder: '/',
    env: {},
    logger: silentLogger
  })
})

t.test('sqlite: a missing or invalid file is reported, and opened once it exists', async t => {
  const folder = t.testdir({ 'text.sqlite': 'no database, but a text that is long enough to have a header' })
  const file = join(folder, 'missing.sqlite')
  const missing = openSqlite({ parts }, file, { reader, timeoutMs: 100 })
  await t.rejects(missing.find('plain.example'), { code: 'sqlite-14', driverText: /unable to open database file/ })
  fill(file)
  t.ok(await missing.find('plain.example'))
  await missing.close()
  const text = openSqlite({ parts }, join(folder, 'text.sqlite'), { reader, timeoutMs: 100 })
  await t.rejects(text.find('plain.example'), { code: 'sqlite-26', driverText: /not a database/ })
  await text.close()
})

t.test('sqlite: questions wait while another process writes, but not forever', async t => {
  const file = fileOf(t)
  const directory = openSqlite({ parts }, file, { reader, timeoutMs: 50 })
  const writer = new DatabaseSync(file)
  writer.exec('BEGIN EXCLUSIVE')
  await t.rejects(directory.find('plain.example'), { code: 'sqlite-5' })
  const patient = openSqlite({ parts }, file, { reader, timeoutMs: 10_000 })
  const waiting = patient.find('plain.example')
  await new Promise(setImmediate)
  writer.exec('COMMIT')
  t.ok(await waiting)
  t.ok(await directory.find('plain.example'))
  for (const each of [writer, directory, patient]) await each.close()
})

t.test('sqlite: simultaneous questions are all answered, and an error only concerns its own name', async t => {
  const file = fileOf(t)
  const query = {
    parts: ['SELECT json_extract(iif(', " = 'plain.example', '\"example\"', '{'), '$') AS provider, ", ' AS domain']
  }
  const directory = openSqlite(query, file, { reader, timeoutMs: 1000 })
  t.teardown(() => directory.close())
  const names = ['plain.example', 'broken.example', 'plain.example']
  const [first, broken, last] = await Promise.allSettled(names.map(directory.find))
  t.match(first, { value: { provider: 'example' } })
  t.match(broken, { reason: { code: 'sqlite-1', isRefusal: true, driverText: undefined } })
  t.match(last, { value: { provider: 'example' } })
  t.ok(await directory.find('plain.example'))
})

t.test('sqlite: a writer can lock the file as soon as questions are answered', async t => {
  const file = fileOf(t)
  const directory = openSqlite({ parts }, file, { reader, timeoutMs: 1000 })
  t.teardown(() => directory.close())
  await directory.find('plain.example')
  const writer = new DatabaseSync(file)
  writer.exec("INSERT INTO customer VALUES ('new.example', 'example', NULL, NULL, 1)")
  writer.close()
  t.equal((await directory.find('new.example'))?.provider, 'example')
})

t.test('sqlite: changes in the file and a replaced file are reported', async t => {
  const file = fileOf(t)
  const events = new EventEmitter()
  const directory = openSqlite({ parts }, file, { reader, timeoutMs: 1000, checkMs: 5 })
  // Why: the watcher of the file does not keep the process running.
  const awake = setInterval(() => undefined, 1000)
  t.teardown(async () => {
    clearInterval(awake)
    await directory.close()
  })
  directory.watch?.(domain => events.emit('change', domain))
  t.equal(await directory.find('new.example'), undefined)
  // Why: checks without changes must not be reported.
  const unfounded = () => t.fail('nothing has changed')
  events.on('change', unfounded)
  await sleep(20)
  events.off('change', unfounded)
  const writer = new DatabaseSync(file)
  // Why: the file cannot be checked during a write, which is not an error.
  writer.exec('BEGIN EXCLUSIVE')
  for (let turn = 0; turn < 5; turn++) await sleep(10)
  writer.exec('COMMIT')
  const changed = once(events, 'change')
  writer.exec("INSERT INTO customer VALUES ('new.example', 'example', NULL, NULL, 1)")
  t.same(await changed, [undefined])
  t.equal((await directory.find('new.example'))?.provider, 'example')
  writer.close()

  const other = `${file}.new`
  fill(other)
  const swapped = once(events, 'change')
  renameSync(other, file)
  await swapped
  // Why: the new file is checked even if nothing has queried it.
  await sleep(20)
  t.equal(await directory.find('new.example'), undefined)
})

t.test('sqlite: after the file was closed, any name may have changed', async t => {
  const file = fileOf(t)
  const changed: (string | undefined)[] = []
  const directory = openSqlite({ parts }, file, { reader, timeoutMs: 0 })
  directory.watch?.(domain => changed.push(domain))
  t.teardown(() => directory.close())
  await directory.find('plain.example')
  const writer = new DatabaseSync(file)
  writer.exec('BEGIN EXCLUSIVE')
  await t.rejects(directory.find('plain.example'))
  writer.exec('COMMIT')
  writer.close()
  t.same(changed, [])
  await directory.find('plain.example')
  t.same(changed, [undefined])
})
