import t from 'tap'
import { type Directory, DirectoryFailure } from '../../src/directories/directory.ts'
import { type WatchOptions, watchDirectory } from '../../src/directories/watched-directory.ts'
import { errors } from '../../src/errors.ts'
import { type DirectoryEntry, entryReading } from '../../src/lookups/directory-entry.ts'
import { hasNone } from '../support/has-none.ts'
import { matchLists } from '../support/match-lists.ts'
import { readableLog } from '../support/readable-log.ts'

const entry = entryReading.toAnswer({ provider: 'example' })

/** A directory whose answers and retries the test controls. */
function watched(answers: Partial<Directory<DirectoryEntry>> = {}, options: Partial<WatchOptions> = {}) {
  const { logger, lines } = readableLog()
  const state = { answer: async (_name: string) => entry as typeof entry | undefined }
  const directory: Directory<DirectoryEntry> = {
    find: name => state.answer(name),
    close: async () => undefined,
    ...answers
  }
  const tries: (() => void)[] = []
  const pause = () => new Promise<void>(resolve => tries.push(resolve))
  const result = watchDirectory(directory, { block: 'directory', logger, timeoutMs: 1000, pause, ...options })
  return { ...result, watched: result, state, lines, tries }
}

const away = () =>
  Promise.reject(Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }))

/** Waits for a few microtasks. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await undefined
}

t.test('watched directory: answers are passed on, and the first one makes it ready', async t => {
  const { find, watched: directory } = watched()
  t.same(directory.stateAt(0), { ready: false, remark: 'the directory does not answer' })
  t.equal(directory.up, undefined)
  t.equal(await find('a.example'), entry)
  t.equal(directory.up, true)
  t.same(directory.stateAt(0), { ready: true })
  t.same(directory.queries, { ok: 1, failed: 0, refused: 0 })
})

t.test('watched directory: an unavailable directory is logged once, and retried until it responds', async t => {
  const { watched: directory, state, lines, tries } = watched()
  state.answer = away
  await directory.start()
  t.equal(directory.up, false)
  await t.rejects(directory.find('a.example'), { code: 'ECONNREFUSED' })
  t.equal(tries.length, 1, 'only one retry is scheduled')
  tries.shift()?.()
  await settled()
  t.equal(tries.length, 1)
  t.equal(lines.length, 1)
  t.match(
    lines[0],
    /"level":"error".*"code":"ECONNREFUSED","msg":"the directory does not answer: only cached domains are served"/
  )
  t.equal(directory.stateAt(0).ready, false)
  state.answer = async () => undefined
  tries.shift()?.()
  await settled()
  t.match(lines[1], /"level":"info".*answers again/)
  t.same(directory.stateAt(0), { ready: true })
  t.same(tries, [])
  t.same(directory.queries, { ok: 1, failed: 3, refused: 0 })
})

t.test('watched directory: a directory that becomes unavailable leaves the service ready', async t => {
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
  t.equal(lines.length, 3, 'it is logged again')
})

t.test('watched directory: a question times out', async t => {
  const { watched: directory, state, lines } = watched({}, { timeoutMs: 5 })
  state.answer = () => new Promise(() => undefined)
  await t.rejects(directory.find('a.example'), { code: 'ETIMEDOUT' })
  t.match(lines[0], '"code":"ETIMEDOUT"')
})

t.test('watched directory: an unsuitable query is logged with its explanation', async t => {
  const { watched: directory, state, lines } = watched()
  state.answer = () =>
    Promise.reject(errors.directoryUnfit({ block: 'directory', field: 'query', problem: 'returns nonsense' }))
  await directory.start()
  t.match(lines[0], '"reason":"directory.query returns nonsense"')
})

/** Why this text: the message of a database may contain values from a query. */
const refuse = () =>
  Promise.reject(new DirectoryFailure('22021', { isRefusal: true, driverText: 'invalid byte in "JANE"' }))

t.test('watched directory: a refused question is not an outage, and its name is unknown', async t => {
  const { watched: directory, state, lines } = watched({}, { block: 'users' })
  await directory.start()
  const lookedUp: string[] = []
  state.answer = name => {
    lookedUp.push(name)
    return name.startsWith('nobody@') ? Promise.resolve(undefined) : refuse()
  }
  for (let turn = 0; turn < 3; turn++) t.equal(await directory.find('jane@example.com'), undefined)
  t.same(lookedUp.slice(0, 2), ['jane@example.com', 'nobody@signpost.invalid'])
  t.equal(directory.up, true)
  t.same(directory.queries, { ok: 4, failed: 0, refused: 3 })
  t.equal(lines.length, 1, 'it is logged once')
  t.match(lines[0], /"level":"warn".*"code":"22021","msg":"the directory of users refuses some questions: /)
  t.notMatch(lines[0], /jane|invalid byte/i)
})

t.test('watched directory: names whose answers are too long are unknown, and logged by their domains', async t => {
  const { watched: directory, state, lines } = watched({}, { block: 'users' })
  await directory.start()
  state.answer = name =>
    name.startsWith('nobody@')
      ? Promise.resolve(undefined)
      : Promise.reject(new DirectoryFailure('answer-too-long', { isRefusal: true }))
  for (const domain of ['a.example', 'b.example', 'a.example'])
    t.equal(await directory.find(`jane@${domain}`), undefined)
  t.equal(directory.up, true)
  t.match(directory.queries, { failed: 0, refused: 3 })
  matchLists(t, lines, [
    /"level":"warn".*"code":"answer-too-long","domain":"a.example"/,
    /"code":"answer-too-long","domain":"b.example"/
  ])
  t.notMatch(lines.join(), 'jane')
})

t.test('watched directory: a directory that refuses every question is unavailable', async t => {
  const { watched: directory, state, lines } = watched()
  await directory.start()
  state.answer = refuse
  await t.rejects(directory.find('a.example'), { code: '22021' })
  t.equal(directory.up, false)
  t.same(directory.queries, { ok: 1, failed: 1, refused: 0 })
  t.equal(lines.length, 1)
})

t.test('watched directory: refusals cause at most one other question at a time', async t => {
  const { watched: directory, state } = watched()
  let others = 0
  state.answer = async name => {
    if (name !== 'signpost.invalid') return await refuse()
    others += 1
    await new Promise(resolve => setTimeout(resolve, 5))
    return undefined
  }
  await Promise.all(Array.from({ length: 100 }, (_, at) => directory.find(`${at}.example`)))
  t.ok(others <= 2, `${others}`)
})

t.test('watched directory: a server that makes up codes does not fill the log', async t => {
  const { watched: directory, state, lines } = watched()
  await directory.start()
  let code = 0
  state.answer = name =>
    name === 'signpost.invalid'
      ? Promise.resolve(undefined)
      : Promise.reject(new DirectoryFailure(`22${code++}`, { isRefusal: true }))
  for (let turn = 0; turn < 50; turn++) await directory.find('a.example')
  t.equal(lines.length, 20)
})

t.test('watched directory: of a driver error, only the code is logged', async t => {
  for (const [error, code] of [
    [new Error('invalid input for type integer: "JANE"'), 'unknown'],
    [Object.assign(new Error('JANE'), { code: 'jane@example.com' }), 'unknown'],
    [Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }), 'ECONNRESET'],
    [undefined, 'unknown']
  ] as const) {
    const { watched: directory, state, lines } = watched({}, { block: 'users' })
    state.answer = () => Promise.reject(error)
    await t.rejects(directory.find('jane@example.com'), { code })
    t.match(lines[0], `"code":"${code}","msg":"the directory of users does not answer`)
    t.notMatch(lines[0], /jane/i)
  }
})

t.test('watched directory: closing has a time limit, and ends all questions', async t => {
  const {
    watched: directory,
    state,
    lines,
    tries
  } = watched({ close: () => new Promise(() => undefined) }, { timeoutMs: 5 })
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

t.test('watched directory: by default it retries every two seconds, until it is closed', async t => {
  const { pause: _none, ...options } = {
    pause: undefined,
    block: 'users' as const,
    logger: readableLog().logger,
    timeoutMs: 1000
  }
  const directory = watchDirectory({ find: away, close: async () => undefined }, options)
  await directory.start()
  await directory.close()
  t.equal(directory.up, false)
})

t.test('watched directory: reports changes if the directory does', async t => {
  hasNone(t, watched().watched, ['watch'])
  const { watched: directory } = watched({ watch: changed => changed('a.example') })
  const changed: (string | undefined)[] = []
  directory.watch?.(domain => changed.push(domain))
  t.same(changed, ['a.example'])
})
