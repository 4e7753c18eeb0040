import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { createUnknownLogin } from '../../src/lookups/unknown-login.ts'
import { usableLogin } from '../../src/lookups/usable-login.ts'
import { userReading } from '../../src/lookups/user.ts'
import { toUserKey } from '../../src/lookups/user-key.ts'
import { createUserSource } from '../../src/lookups/user-source.ts'
import { openUsers } from '../../src/lookups/users.ts'
import { readUsersSecret } from '../../src/lookups/users-secret.ts'
import { toAddress } from '../../src/settings/address.ts'
import { anyAddressAt } from '../support/arbitraries/address.ts'
import { readableLog } from '../support/readable-log.ts'
import { exampleSettings } from '../support/served-app.ts'
import { sourceOf } from '../support/source-of.ts'
import { tableOf } from '../support/table-of.ts'

const secret = 'sixteen letters.'

t.test('unknown log-in: is what the pattern says, always the same, and another with another key', async () => {
  fc.assert(
    fc.property(anyAddressAt(fc.constant('example.com')), fc.string({ minLength: 1 }), ({ text, localPart }, key) => {
      const [name = '', digits = '', letter = '', domain] = createUnknownLogin(
        '%EMAILLOCALPART%:u#####:?:%EMAILDOMAIN%',
        key
      )(text)
        .split(':')
        .slice(-4)
      const again = createUnknownLogin('?'.repeat(64), key)
      return (
        name === (localPart.split(':').at(-1) ?? '') &&
        /^u\d{5}$/.test(digits) &&
        /^[a-z]$/.test(letter) &&
        domain === 'example.com' &&
        /^[a-z]{64}$/.test(again(text)) &&
        again(text) === createUnknownLogin('?'.repeat(64), key)(text) &&
        again(text) !== createUnknownLogin('?'.repeat(64), `${key}.`)(text)
      )
    })
  )
})

t.test('unknown log-in: every sign is as likely as any other', async t => {
  const name = createUnknownLogin('#?', secret)
  const counts = new Map<string, number>()
  for (let at = 0; at < 26_000; at++) {
    for (const sign of name(`${at}@example.com`)) counts.set(sign, (counts.get(sign) ?? 0) + 1)
  }
  t.equal(counts.size, 36)
  // Why so wide: six standard deviations, and the key is always the same one.
  for (const [sign, count] of counts) {
    const [mean, most] = /\d/.test(sign) ? [2600, 290] : [1000, 186]
    t.ok(Math.abs(count - mean) < most, `${sign}: ${count}`)
  }
})

t.test('users secret: comes from a file or the environment, and is long enough', async t => {
  const folder = t.testdir({ good: `${secret}\n`, short: 'hunter2\n' })
  const users = { type: 'sqlite', query: '', unknown: 'u#' } as const
  const read = (changes: object, env = {}) => readUsersSecret({ ...users, ...changes }, { folder, env })
  const what = 'expected 16 characters or more, such as openssl rand -base64 32 makes'
  t.same(read({ secretFile: 'good' }), { secret })
  t.same(read({}, { SIGNPOST_USERS_SECRET: secret }), { secret })
  t.same(read({ unknown: 'nobody' }), { secret: '' })
  t.same(read({ secretFile: 'short' }), { problem: `found 7 characters, ${what}` })
  t.same(read({ secretFile: 'none' }), { problem: 'cannot read the file: no such file' })
  t.same(read({}), { problem: `found neither secretFile nor SIGNPOST_USERS_SECRET, ${what}` })
  t.same(read({}, { SIGNPOST_USERS_SECRET: 'hunter2' }), {
    problem: `found 7 characters in SIGNPOST_USERS_SECRET, ${what}`
  })
})

t.test('users: without a key, or with a query that is none, they are refused at the start', async t => {
  const { logger } = readableLog()
  const options = { file: '/signpost.yaml', logger, env: { SIGNPOST_USERS_SECRET: secret } }
  const source = sourceOf({ table: tableOf(exampleSettings) })
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  const users = { type: 'sqlite', file: 'a', query, unknown: 'u#' } as const
  await t.rejects(openUsers(source, users, { ...options, env: {} }), {
    code: 'AC_SETTINGS_INVALID',
    message: /^users\.secretFile: found neither/
  })
  await t.rejects(openUsers(source, { ...users, query: 'SELECT 1' }, options), {
    code: 'AC_SETTINGS_INVALID',
    message: 'users.query: found no :address'
  })
})

t.test('users: the key may come from the environment of the process, and an SQLite file is watched', async t => {
  const folder = t.testdir({})
  writeFileSync(join(folder, 'key'), secret)
  const { logger } = readableLog()
  const query = 'SELECT address, login AS username FROM mailbox WHERE address = :address'
  const { directory } = await openUsers(
    sourceOf({ table: tableOf(exampleSettings) }),
    { type: 'sqlite', file: 'none.sqlite', query, unknown: 'u#', secretFile: 'key', timeoutMilliseconds: 500 },
    { file: join(folder, 'signpost.yaml'), logger }
  )
  t.teardown(() => directory.close())
  t.match(directory, { name: 'users', watch: Function })
  await directory.start()
  t.same(directory.stateAt(0), { ready: false, remark: 'the directory of users does not answer' })
})

t.test('user: a name is an address in lower case and NFC, and its domain as A-labels', async t => {
  for (const [text, name] of [
    ['Jane.Doe+Tag@Bücher.example', 'jane.doe+tag@xn--bcher-kva.example'],
    ['JA\u0308NE@example.com', 'j\u00e4ne@example.com'],
    ['\u212aim@example.com', 'kim@example.com'],
    ['SMTP:Jane@example.com', 'jane@example.com'],
    ['jane', undefined],
    ['smtp:jane', undefined],
    ['', undefined]
  ] as const) {
    t.equal(userReading.toName(text), name)
  }
})

t.test('user: the canonical form of a name is its own canonical form', async () => {
  fc.assert(
    fc.property(anyAddressAt(fc.constant('example.com')), address => {
      const name = toUserKey(address)
      return userReading.toName(name) === name || toAddress(name) === undefined
    })
  )
})

t.test('user: a tag begins at the first delimiter, but not at the first character', async t => {
  for (const [text, name] of [
    ['Jane+a+b@example.com', 'jane@example.com'],
    ['jane-a+b@example.com', 'jane@example.com'],
    ['+jane+a@example.com', '+jane@example.com'],
    ['😀+a@example.com', '😀@example.com'],
    ['jane@example.com', 'jane@example.com']
  ] as const) {
    const address = toAddress(text)
    t.equal(address && toUserKey(address, '-+'), name, text)
  }
})

t.test('usable log-in: any that can be typed', async t => {
  for (const username of [
    'u1234567',
    'jane@example.com',
    'EXAMPLE\\jane',
    'Jäne Doe',
    '100%',
    'a%b',
    'x'.repeat(254)
  ]) {
    t.same(usableLogin({ username, displayName: 'Jane' }), { login: username })
  }
  for (const username of ['', '%EMAILADDRESS%', 'a%%', '%a%', 'a\nb', 'a\u202eb', 'a\0', 'ü'.repeat(128), 'a\ud800']) {
    t.match(usableLogin({ username, displayName: undefined }), { problem: /^found / }, JSON.stringify(username))
  }
  const problem = 'found rows of one address that differ, expected one row'
  t.same(usableLogin({ username: undefined, displayName: undefined, problem }), { problem })
})

const table = tableOf(`
users: { type: sqlite, file: a, query: "SELECT a FROM b WHERE c = :address", unknown: "u#", providers: [example] }
${exampleSettings}`)
const jane = toAddress('Jane@example.com')

t.test('user source: without an address, or elsewhere, the table is as it was', async t => {
  const asked: string[] = []
  const source = createUserSource(sourceOf({ table }), async ({ text }) => {
    asked.push(text)
    return { login: 'u1' }
  })
  t.equal(source.table, table)
  t.equal(source.looksUpUsers, true)
  t.equal(source.tableFor('example.com', undefined), table)
  const other = toAddress('jane@a.customers.example')
  t.equal(source.tableFor(other?.domain, undefined, { address: other }), table)
  t.same(asked, [])
  t.match(await source.tableFor(jane?.domain, undefined, { address: jane }), { login: 'u1', settings: table.settings })
  t.same(asked, ['Jane@example.com'])
})

t.test('user source: waits for the table where it must be looked up', async t => {
  const late = { ...sourceOf({ table }), tableFor: async () => table }
  const waiting = createUserSource(late, async () => ({ login: 'u1' })).tableFor(jane?.domain, undefined, {
    address: jane
  })
  t.type(waiting, Promise)
  t.equal((await waiting).login, 'u1')
})
