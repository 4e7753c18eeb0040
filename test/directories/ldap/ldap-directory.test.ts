import { setImmediate as turn } from 'node:timers/promises'
import * as driver from 'ldapts'
import t, { type Test } from 'tap'
import type { DatabaseServer } from '../../../src/directories/database-server.ts'
import { openLdap } from '../../../src/directories/ldap/ldap-directory.ts'
import { openDirectory } from '../../../src/directories/open-directory.ts'
import { readDirectory } from '../../../src/directories/row-reader.ts'
import { entryReading } from '../../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../../src/settings/check/directory.ts'
import { type FakeLdap, fakeLdap, finding, result, serverAt, succeed } from '../../support/directories/fake-ldap.ts'
import { matchLists } from '../../support/match-lists.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const filter = { kind: 'equal', attribute: 'associatedDomain', value: ['', ''] } as const
const base = 'ou=domains,dc=example,dc=com'

function directoryAt(
  t: Test,
  fake: FakeLdap,
  changes: Partial<DirectorySettings> = {},
  server: Partial<DatabaseServer> = {}
) {
  const attributes = { domain: 'associatedDomain', ...changes.attributes }
  const settings = { type: 'ldap', base, ...changes, attributes } as const
  const directory = readDirectory(openLdap(filter, { settings, server: serverAt(fake, server), driver }), entryReading)
  t.teardown(() => directory.close())
  return directory
}

t.test('ldap: one search with the domain in its filter requests only the attributes that are used', async t => {
  const fake = await fakeLdap(t, finding({ O: ['example'], mailHost: ['mail.example.net', 'other.example.net'] }))
  const { find, close } = directoryAt(t, fake, { attributes: { provider: 'o', host: 'mailhost', name: 'cn' } })
  t.match(await find('a.example'), { provider: 'example', overrides: { host: 'mail.example.net', name: undefined } })
  t.match(await find('b.example'), { provider: 'example' })
  await close()
  while (fake.sockets.size > 0) await turn()
  t.same(
    fake.requests.map(({ operation }) => operation),
    ['bind', 'search', 'search', 'unbind']
  )
  t.same(fake.requests[1]?.texts, [base, 'associatedDomain', 'a.example', 'associatedDomain', 'mailhost'])
})

t.test('ldap: each value of the stored name counts, and other entries do not', async t => {
  const fake = await fakeLdap(
    t,
    finding(
      { associatedDomain: ['other.example'] },
      { associatedDomain: ['A.Example', 'b.example'], o: ['example', 'x'] }
    )
  )
  const { find } = directoryAt(t, fake, { attributes: { domain: 'dc , associatedDomain', provider: 'o' } })
  t.match(await find('a.example'), { provider: 'example' })
  t.match(await find('b.example'), { provider: 'example' })
  t.equal(await find('c.example'), undefined)
})

t.test('ldap: values with options are ignored unless they were requested', async t => {
  const fake = await fakeLdap(t, finding({ 'o;lang-de': ['Beispiel'] }))
  const { find } = directoryAt(t, fake, { attributes: { provider: 'o' } })
  t.match(await find('a.example'), { provider: undefined })
})

t.test('ldap: a column can be a text with the first values of attributes', async t => {
  const provider = 'EXAMPLE\\{sAMAccountName}-{department}'
  for (const [entry, name] of [
    [{ SAMAccountName: ['jane', 'other'], Department: ['$&'] }, 'EXAMPLE\\jane-$&'],
    [{ sAMAccountName: ['jane'] }, undefined],
    [{}, undefined]
  ] as const) {
    const fake = await fakeLdap(t, finding(entry))
    const { find } = directoryAt(t, fake, { attributes: { provider } })
    t.match(await find('a.example'), { provider: name })
    t.same(fake.requests[1]?.texts.slice(-3), ['associatedDomain', 'sAMAccountName', 'department'])
  }
})

t.test('ldap: an unreadable entry is a problem of its name, not of the directory', async t => {
  for (const [entries, problem] of [
    [[{ organizationName: ['a'] }, {}], 'found rows of one domain that differ, expected one row'],
    [[{ o: ['a'] }], 'attributes have no "o", which the server returns in place of one of them'],
    [
      [{ organizationName: [Buffer.from([0xff])] }],
      'attributes have "organizationName", of which the server returns bytes that are no text'
    ],
    [[{ associatedDomain: [] }], 'found no domain in the column "domain" of directory, expected the stored domain']
  ] as const) {
    const fake = await fakeLdap(t, finding(...entries))
    const { find } = directoryAt(t, fake, { attributes: { provider: 'organizationName' } })
    t.match(await find('a.example'), { problem })
    t.equal(fake.sockets.size, 1, 'the connection is kept')
  }
})

t.test('ldap: the result of the server is reported, with its text if there is one', async t => {
  for (const [answer, words] of [
    [{ code: 49 }, 'the server answers InvalidCredentials'],
    [{ code: 53, words: 'not today' }, 'the server answers UnwillingToPerform: not today']
  ] as const) {
    const fake = await fakeLdap(t, ({ id, operation, socket }) => socket.write(result(id, operation, answer)))
    const { find } = directoryAt(t, fake, {}, { user: 'cn=me', password: () => 'hunter2' })
    await t.rejects(find('a.example'), { code: `result-${answer.code}`, isRefusal: false, driverText: words })
    matchLists(t, fake.requests[0]?.texts, ['cn=me', 'hunter2'])
  }
})

t.test('ldap: a user without a password is refused before anything is sent', async t => {
  const fake = await fakeLdap(t)
  for (const password of [() => undefined, () => '']) {
    const { find } = directoryAt(t, fake, {}, { user: 'cn=me', password })
    await t.rejects(find('a.example'), { code: 'no-password', driverText: 'no password for the user "cn=me"' })
  }
  t.same(fake.requests, [])
})

t.test('ldap: an anonymous bind sends no password', async t => {
  const fake = await fakeLdap(t)
  const { find } = directoryAt(t, fake, {}, { password: () => 'hunter2' })
  t.equal(await find('a.example'), undefined)
  t.same(fake.requests[0]?.texts, [])
})

t.test('ldap: a connection that fails or times out is replaced', async t => {
  let isAway = true
  const fake = await fakeLdap(t, request => {
    if (request.operation !== 'search') succeed(request)
    else if (request.texts.includes('failed.example')) request.socket.write(result(request.id, 'search', { code: 51 }))
    else if (!isAway) finding({})(request)
  })
  const { find } = directoryAt(t, fake, { timeoutMilliseconds: 500, connections: 1 })
  await t.rejects(find('late.example'), { code: 'ETIMEDOUT' })
  await t.rejects(find('failed.example'), { code: 'result-51', isRefusal: false })
  isAway = false
  t.ok(await find('a.example'))
  t.equal(fake.requests.filter(({ operation }) => operation === 'bind').length, 3)
  while (fake.sockets.size > 1) await turn()
})

t.test('ldap: a question that waited too long for a connection is not sent', async t => {
  const fake = await fakeLdap(t, request => {
    setTimeout(() => succeed(request), 100)
  })
  const { find } = directoryAt(t, fake, { timeoutMilliseconds: 50 })
  await t.rejects(find('a.example'), { code: 'no-free-connection' })
  t.same(
    fake.requests.map(({ operation }) => operation),
    ['bind']
  )
})

t.test('ldap: an unreachable server is reported', async t => {
  const fake = await fakeLdap(t)
  const { find } = directoryAt(t, { ...fake, port: 1 })
  await t.rejects(find('a.example'), { code: 'ECONNREFUSED' })
})

t.test('ldap: is opened according to the settings', async t => {
  const fake = await fakeLdap(t, finding({ o: ['example'] }))
  const opened = (changes: Partial<DirectorySettings>) =>
    openDirectory({ type: 'ldap', port: fake.port, base, ...changes }, entryReading, {
      folder: '/',
      env: {},
      logger: silentLogger
    })
  const directory = await opened({
    filter: '(associatedDomain=:domain)',
    attributes: { domain: 'associatedDomain', provider: 'o' }
  })
  t.teardown(() => directory.close())
  t.match(await directory.find('a.example'), { provider: 'example' })
  await t.rejects(opened({ filter: '(o=a)' }), { code: 'AC_SETTINGS_INVALID', message: /^directory.filter: found no/ })
  await t.rejects(opened({}), { code: 'AC_SETTINGS_INVALID' })
  await t.rejects(opened({ type: 'sqlite' }), { code: 'AC_SETTINGS_INVALID', message: /^directory.query: found/ })
})
