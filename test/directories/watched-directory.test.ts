import t from 'tap'
import type { Directory } from '../../src/directories/directory.ts'
import { type WatchOptions, watchDirectory } from '../../src/directories/watched-directory.ts'
import { errors } from '../../src/errors.ts'
import { type Entry, entryReading } from '../../src/lookups/entry.ts'
import { hasNone } from '../support/has-none.ts'
import { readableLog } from '../support/readable-log.ts'

const entry = entryReading.toAnswer({ provider: 'example' })

/** A directory that answers as it is told, and whose next try is waited for until a test wants it. */
function watched(answers: Partial<Directory<Entry>> = {}, options: Partial<WatchOptions> = {}) {
  const { logger, lines } = readableLog()
  const state = { answer: async () => entry as typeof entry | undefined }
  const directory: Directory<Entry> = { find: () => state.answer(), close: async () => undefined, ...answers }
  const tries: (() => void)[] = []
  const pause = () => new Promise<void>(resolve => tries.push(resolve))
  const result = watchDirectory(directory, { block: 'directory', logger, timeoutMilliseconds: 1000, pause, ...options })
  return { ...result, watched: result, state, lines, tries }
}

const away = () =>
  Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }))

/** A few turns of promises. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined
}

t.test('watched directory: passes answers on, and is ready from the first', async t => {
  const { find, watched: directory } = watched()
  t.same(directory.stateAt(0), { ready: false, remark: 'the directory does not answer' })
  t.equal(directory.up, undefined)
  t.equal(await find('a.example'), entry)
  t.equal(directory.up, true)
  t.same(directory.stateAt(0), { ready: true })
  t.same(directory.queries, { ok: 1, failed: 0 })
})

t.test('watched directory: one that is away is told once, and asked again until it answers', async t => {
  const { watched: directory, state, lines, tries } = watched()
  state.answer = away
  await directory.start()
  t.equal(directory.up, false)
  await t.rejects(directory.find('a.example'), { code: 'ECONNREFUSED' })
  t.equal(tries.length, 1, 'by one only')
  tries.shift()?.()
  await settled()
  t.equal(tries.length, 1)
  t.equal(lines.length, 1)
  t.match(lines[0], /"level":50.*"reason":"ECONNREFUSED: connect ECONNREFUSED 127\.0\.0\.1:5432".*does not answer/)
  t.equal(directory.stateAt(0).ready, false)
  state.answer = async () => undefined
  tries.shift()?.()
  await settled()
  t.match(lines[1], /"level":30.*answers again/)
  t.same(directory.stateAt(0), { ready: true })
  t.same(tries, [])
  t.same(directory.queries, { ok: 1, failed: 3 })
})

t.test('watched directory: one that goes away leaves the service ready', async t => {
  const { watched: directory, state, lines } = watched()
  await directory.start()
  state.answer = away
  await t.rejects(directory.find('a.example'))
  t.same(directory.stateAt(0), { ready: true, remark: 'the directory does not answer' })
  state.answer = async () => undefined
  await directory.find('a.example')
  t.equal(lines.length, 2)
  state.answer = away
  await t.rejects(directory.find('a.example'))
  t.equal(lines.length, 3, 'and is told anew')
})

t.test('watched directory: nobody waits longer than they want', async t => {
  const { watched: directory, state, lines } = watched({}, { timeoutMilliseconds: 5 })
  state.answer = () => new Promise(() => undefined)
  await t.rejects(directory.find('a.example'), { message: 'no answer within 5 ms' })
  t.match(lines[0], 'no answer within 5 ms')
})

t.test('watched directory: a query that does not fit is told in its own words', async t => {
  const { watched: directory, state, lines } = watched()
  state.answer = () =>
    Promise.reject(errors.directoryUnfit({ block: 'directory', field: 'query', problem: 'returns nonsense' }))
  await directory.start()
  t.match(lines[0], '"reason":"directory.query returns nonsense"')
})

t.test('watched directory: of users, leaves the address out of what it tells', async t => {
  const { watched: directory, state, lines } = watched({}, { block: 'users' })
  state.answer = () => Promise.reject(new Error('invalid input for type integer: "jane@example.com"'))
  await t.rejects(directory.find('jane@example.com'))
  t.match(lines[0], 'invalid input for type integer: \\"…\\"')
  t.match(lines[0], 'the directory of users does not answer: requests with an address are answered 503')
})

t.test('watched directory: is closed in time, and asks nobody afterwards', async t => {
  const {
    watched: directory,
    state,
    lines,
    tries
  } = watched({ close: () => new Promise(() => undefined) }, { timeoutMilliseconds: 5 })
  state.answer = away
  await directory.start()
  await directory.close()
  const { failed } = directory.queries
  tries.shift()?.()
  await settled()
  await t.rejects(directory.find('a.example'), { code: 'ECONNREFUSED' })
  t.equal(directory.queries.failed, failed)
  t.equal(lines.length, 1)
})

t.test('watched directory: waits two seconds by itself, and is woken to be closed', async t => {
  const { pause: _none, ...options } = {
    pause: undefined,
    block: 'users' as const,
    logger: readableLog().logger,
    timeoutMilliseconds: 1000
  }
  const directory = watchDirectory({ find: away, close: async () => undefined }, options)
  await directory.start()
  await directory.close()
  t.equal(directory.up, false)
})

t.test('watched directory: can be watched where the directory can', async t => {
  hasNone(t, watched().watched, ['watch'])
  const { watched: directory } = watched({ watch: changed => changed('a.example') })
  const told: (string | undefined)[] = []
  directory.watch?.(domain => told.push(domain))
  t.same(told, ['a.example'])
})
