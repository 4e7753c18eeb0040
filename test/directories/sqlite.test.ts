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

const reading = entryReading
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

// Why not t.testdir: at the top of a file it is that of the whole suite.
const shared = mkdtempSync(join(tmpdir(), 'sqlite-'))
t.teardown(() => rmSync(shared, { recursive: true }))
const contractFile = join(shared, 'contract.sqlite')
fill(contractFile)
directoryContract(t, 'sqlite', {
  questions: sqlQuestions,
  open: (text, reading) =>
    openDirectory({ type: 'sqlite', file: contractFile, query: text }, reading, {
      folder: '/',
      env: {},
      logger: silentLogger
    })
})

hosterContract(t, 'sqlite', async ({ name, tables }, { query = '' }) => {
  const file = join(shared, `${name}.sqlite`)
  fill(file, tables.sqlite)
  return await openDirectory({ type: 'sqlite', file, query }, reading, { folder: '/', env: {}, logger: silentLogger })
})

t.test('sqlite: a file that is missing, or is none, is told, and found when it is there', async t => {
  const folder = t.testdir({ 'text.sqlite': 'no database, but a text that is long enough to have a header' })
  const file = join(folder, 'missing.sqlite')
  const missing = openSqlite({ parts }, file, { reading, timeoutMilliseconds: 100 })
  await t.rejects(missing.find('plain.example'), { code: 'sqlite-14', words: /unable to open database file/ })
  fill(file)
  t.ok(await missing.find('plain.example'))
  await missing.close()
  const text = openSqlite({ parts }, join(folder, 'text.sqlite'), { reading, timeoutMilliseconds: 100 })
  await t.rejects(text.find('plain.example'), { code: 'sqlite-26', words: /not a database/ })
  await text.close()
})

t.test('sqlite: while somebody writes one waits, but not for ever', async t => {
  const file = fileOf(t)
  const directory = openSqlite({ parts }, file, { reading, timeoutMilliseconds: 50 })
  const writer = new DatabaseSync(file)
  writer.exec('BEGIN EXCLUSIVE')
  await t.rejects(directory.find('plain.example'), { code: 'sqlite-5' })
  const patient = openSqlite({ parts }, file, { reading, timeoutMilliseconds: 10_000 })
  const waiting = patient.find('plain.example')
  await new Promise(setImmediate)
  writer.exec('COMMIT')
  t.ok(await waiting)
  t.ok(await directory.find('plain.example'))
  for (const each of [writer, directory, patient]) await each.close()
})

t.test('sqlite: all who ask at the same time are answered, and a name that makes trouble is alone in it', async t => {
  const file = fileOf(t)
  const query = {
    parts: ['SELECT json_extract(iif(', " = 'plain.example', '\"example\"', '{'), '$') AS provider, ", ' AS domain']
  }
  const directory = openSqlite(query, file, { reading, timeoutMilliseconds: 1000 })
  t.teardown(() => directory.close())
  const names = ['plain.example', 'broken.example', 'plain.example']
  const [first, broken, last] = await Promise.allSettled(names.map(directory.find))
  t.match(first, { value: { provider: 'example' } })
  t.match(broken, { reason: { code: 'sqlite-1', isRefusal: true, words: undefined } })
  t.match(last, { value: { provider: 'example' } })
  t.ok(await directory.find('plain.example'))
})

t.test('sqlite: a writer is let in as soon as somebody has been answered', async t => {
  const file = fileOf(t)
  const directory = openSqlite({ parts }, file, { reading, timeoutMilliseconds: 1000 })
  t.teardown(() => directory.close())
  await directory.find('plain.example')
  const writer = new DatabaseSync(file)
  writer.exec("INSERT INTO customer VALUES ('new.example', 'example', NULL, NULL, 1)")
  writer.close()
  t.equal((await directory.find('new.example'))?.provider, 'example')
})

t.test('sqlite: tells of changes in the file, and of another file in its place', async t => {
  const file = fileOf(t)
  const told = new EventEmitter()
  const directory = openSqlite({ parts }, file, { reading, timeoutMilliseconds: 1000, lookMilliseconds: 5 })
  // Why: what looks at the file keeps no process.
  const awake = setInterval(() => undefined, 1000)
  t.teardown(async () => {
    clearInterval(awake)
    await directory.close()
  })
  directory.watch?.(domain => told.emit('change', domain))
  t.equal(await directory.find('new.example'), undefined)
  // Why: it is looked at also while nothing changes, which is told to nobody.
  const unfounded = () => t.fail('nothing has changed')
  told.on('change', unfounded)
  await sleep(20)
  told.off('change', unfounded)
  const writer = new DatabaseSync(file)
  // Why: while somebody writes the file cannot be looked at, which is no fault.
  writer.exec('BEGIN EXCLUSIVE')
  for (let turn = 0; turn < 5; turn++) await sleep(10)
  writer.exec('COMMIT')
  const changed = once(told, 'change')
  writer.exec("INSERT INTO customer VALUES ('new.example', 'example', NULL, NULL, 1)")
  t.same(await changed, [undefined])
  t.equal((await directory.find('new.example'))?.provider, 'example')
  writer.close()

  const other = `${file}.new`
  fill(other)
  const swapped = once(told, 'change')
  renameSync(other, file)
  await swapped
  // Why: it is looked at also while nobody has asked the new file anything.
  await sleep(20)
  t.equal(await directory.find('new.example'), undefined)
})

t.test('sqlite: what happened while it was closed may be anything', async t => {
  const file = fileOf(t)
  const told: (string | undefined)[] = []
  const directory = openSqlite({ parts }, file, { reading, timeoutMilliseconds: 0 })
  directory.watch?.(domain => told.push(domain))
  t.teardown(() => directory.close())
  await directory.find('plain.example')
  const writer = new DatabaseSync(file)
  writer.exec('BEGIN EXCLUSIVE')
  await t.rejects(directory.find('plain.example'))
  writer.exec('COMMIT')
  writer.close()
  t.same(told, [])
  await directory.find('plain.example')
  t.same(told, [undefined])
})
