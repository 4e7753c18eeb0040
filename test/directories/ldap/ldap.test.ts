import { once } from 'node:events'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import * as driver from 'ldapts'
import t, { type Test } from 'tap'
import type { DatabaseServer } from '../../../src/directories/database-server.ts'
import { openLdapConnection } from '../../../src/directories/ldap/connection.ts'
import { openLdap } from '../../../src/directories/ldap/ldap.ts'
import { openDirectory } from '../../../src/directories/open-directory.ts'
import { readDirectory } from '../../../src/directories/read-directory.ts'
import { entryReading } from '../../../src/lookups/directory-entry.ts'
import type { DirectorySettings } from '../../../src/settings/check/directory.ts'
import { issue } from '../../support/certificates.ts'
import {
  type Asked,
  type FakeLdap,
  fakeLdap,
  found,
  result,
  succeed,
  upgrade
} from '../../support/directories/fake-ldap.ts'
import { matchLists } from '../../support/match-lists.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const authority = issue('authority', { ca: true })
const { pem: cert, keyPem: key } = issue('localhost', { issuer: authority, hosts: ['localhost'] })
const certificate = { cert, key }
const tls = { ca: authority.pem, host: 'localhost', rejectUnauthorized: true } as const

const filter = { kind: 'equal', attribute: 'associatedDomain', value: ['', ''] } as const
const base = 'ou=domains,dc=example,dc=com'

const serverAt = ({ port }: FakeLdap, changes: Partial<DatabaseServer> = {}): DatabaseServer => ({
  host: '127.0.0.1',
  isSocket: false,
  port,
  database: '',
  user: '',
  password: () => undefined,
  tls: undefined,
  ...changes
})

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

/** Finds entries with these attributes, and those of them that are asked for. */
const finding = (...entries: readonly Parameters<typeof found>[1][]) => {
  return (asked: Asked) => {
    const names = asked.texts.filter(text => text.endsWith('.example'))
    const stored = names.length > 0 ? { associatedDomain: names } : {}
    if (asked.operation === 'search') {
      for (const each of entries) asked.socket.write(found(asked.id, { ...stored, ...each }))
    }
    succeed(asked)
  }
}

t.test('ldap: asks one search with the domain in its filter, and only for what it reads', async t => {
  const fake = await fakeLdap(t, finding({ O: ['example'], mailHost: ['mail.example.net', 'other.example.net'] }))
  const { find, close } = directoryAt(t, fake, { attributes: { provider: 'o', host: 'mailhost', name: 'cn' } })
  t.match(await find('a.example'), { provider: 'example', overrides: { host: 'mail.example.net', name: undefined } })
  t.match(await find('b.example'), { provider: 'example' })
  await close()
  while (fake.sockets.size > 0) await turn()
  t.same(
    fake.asked.map(({ operation }) => operation),
    ['bind', 'search', 'search', 'unbind']
  )
  t.same(fake.asked[1]?.texts, [base, 'associatedDomain', 'a.example', 'associatedDomain', 'mailhost'])
})

t.test('ldap: of an entry, each value of the stored name counts, and no other entry does', async t => {
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

t.test('ldap: values with options count for nothing where none were asked for', async t => {
  const fake = await fakeLdap(t, finding({ 'o;lang-de': ['Beispiel'] }))
  const { find } = directoryAt(t, fake, { attributes: { provider: 'o' } })
  t.match(await find('a.example'), { provider: undefined })
})

t.test('ldap: entries that cannot be read are a problem of the name, and not of the directory', async t => {
  for (const [entries, problem] of [
    [[{ organizationName: ['a'] }, {}], 'found rows of one domain that differ, expected one row'],
    [[{ o: ['a'] }], 'attributes have no "o", which the server returns in place of one of them'],
    [
      [{ organizationName: [Buffer.from([0xff])] }],
      'attributes have "organizationName", of which the server returns bytes that are no text'
    ],
    [
      [{ associatedDomain: [] }],
      'found no domain in the column "domain" of directory, expected the domain as it is stored'
    ]
  ] as const) {
    const fake = await fakeLdap(t, finding(...entries))
    const { find } = directoryAt(t, fake, { attributes: { provider: 'organizationName' } })
    t.match(await find('a.example'), { problem })
    t.equal(fake.sockets.size, 1, 'the connection is good')
  }
})

t.test('ldap: what the server says is told, with its words where it has some', async t => {
  for (const [answer, words] of [
    [{ code: 49 }, 'the server answers InvalidCredentials'],
    [{ code: 53, words: 'not today' }, 'the server answers UnwillingToPerform: not today']
  ] as const) {
    const fake = await fakeLdap(t, ({ id, operation, socket }) => socket.write(result(id, operation, answer)))
    const { find } = directoryAt(t, fake, {}, { user: 'cn=me', password: () => 'hunter2' })
    await t.rejects(find('a.example'), { code: `result-${answer.code}`, isRefusal: false, words })
    matchLists(t, fake.asked[0]?.texts, ['cn=me', 'hunter2'])
  }
})

t.test('ldap: a user without a password is nobody, and not told to the server', async t => {
  const fake = await fakeLdap(t)
  for (const password of [() => undefined, () => '']) {
    const { find } = directoryAt(t, fake, {}, { user: 'cn=me', password })
    await t.rejects(find('a.example'), { code: 'no-password', words: 'no password for the user "cn=me"' })
  }
  t.same(fake.asked, [])
})

t.test('ldap: nobody has no password', async t => {
  const fake = await fakeLdap(t)
  const { find } = directoryAt(t, fake, {}, { password: () => 'hunter2' })
  t.equal(await find('a.example'), undefined)
  t.same(fake.asked[0]?.texts, [])
})

t.test('ldap: a connection that fails or is late is used no more, and another takes its place', async t => {
  let isAway = true
  const fake = await fakeLdap(t, asked => {
    if (asked.operation !== 'search') succeed(asked)
    else if (asked.texts.includes('failed.example')) asked.socket.write(result(asked.id, 'search', { code: 51 }))
    else if (!isAway) finding({})(asked)
  })
  const { find } = directoryAt(t, fake, { timeoutMilliseconds: 50, connections: 1 })
  await t.rejects(find('late.example'), { code: 'ETIMEDOUT' })
  await t.rejects(find('failed.example'), { code: 'result-51', isRefusal: false })
  isAway = false
  t.ok(await find('a.example'))
  t.equal(fake.asked.filter(({ operation }) => operation === 'bind').length, 3)
  while (fake.sockets.size > 1) await turn()
})

t.test('ldap: who has waited too long for a connection asks nothing any more', async t => {
  const fake = await fakeLdap(t, asked => {
    setTimeout(() => succeed(asked), 100)
  })
  const { find } = directoryAt(t, fake, { timeoutMilliseconds: 50 })
  await t.rejects(find('a.example'), { code: 'no-free-connection' })
  t.same(
    fake.asked.map(({ operation }) => operation),
    ['bind']
  )
})

t.test('ldap: a server that is not there is told', async t => {
  const fake = await fakeLdap(t)
  const { find } = directoryAt(t, { ...fake, port: 1 })
  await t.rejects(find('a.example'), { code: 'ECONNREFUSED' })
})

const options = { driver, startTls: false, milliseconds: 5000 }

t.test('ldap-connection: a server that says nothing is left', async t => {
  const fake = await fakeLdap(t, () => undefined)
  await t.rejects(openLdapConnection(serverAt(fake), { ...options, milliseconds: 30 }), { code: 'ETIMEDOUT' })
  while (fake.sockets.size > 0) await turn()
})

t.test('ldap-connection: one that is lost is not made again behind the back', async t => {
  const fake = await fakeLdap(t)
  const connection = await openLdapConnection(serverAt(fake), options)
  t.equal(connection.isOpen, true)
  for (const socket of fake.sockets) socket.end()
  while (connection.isOpen) await turn()
  await t.rejects(connection.search(base, {}), { code: 'connection-lost' })
  connection.destroy()
  await connection.end()
  t.equal(fake.asked.length, 1)
})

t.test('ldap-connection: a socket needs no port', async t => {
  const path = join(t.testdir(), 'ldapi')
  const fake = await fakeLdap(t, finding({}), { path })
  const connection = await openLdapConnection(serverAt(fake, { host: path, isSocket: true }), options)
  t.same(await connection.search(base, {}), [{ dn: 'o=a' }])
  await connection.end()
})

t.test('ldap-connection: TLS is spoken from the first byte, with whom the authorities know', async t => {
  const fake = await fakeLdap(t, finding({}), { tls: certificate })
  const connection = await openLdapConnection(serverAt(fake, { host: 'localhost', tls }), options)
  t.same(await connection.search(base, {}), [{ dn: 'o=a' }])
  await connection.end()
  for (const [server, code] of [
    [
      { host: 'localhost', tls: { ...tls, ca: issue('stranger', { ca: true }).pem } },
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
    ],
    [{ tls: { ...tls, host: '127.0.0.1' } }, 'ERR_TLS_CERT_ALTNAME_INVALID']
  ] as const) {
    await t.rejects(openLdapConnection(serverAt(fake, server), options), { code })
  }
})

/** Agrees to StartTLS, and begins it. */
const agreeing = (more: (asked: Asked) => Buffer = () => Buffer.alloc(0)) => {
  return (asked: Asked) => {
    asked.socket.write(Buffer.concat([result(asked.id, 'extended'), more(asked)]))
    upgrade(asked, certificate, finding({}))
  }
}

t.test('ldap-connection: StartTLS comes before anything is told', async t => {
  const fake = await fakeLdap(t, agreeing())
  const server = serverAt(fake, { host: 'localhost', tls, user: 'cn=me', password: () => 'hunter2' })
  const connection = await openLdapConnection(server, { ...options, startTls: true })
  t.same(await connection.search(base, {}), [{ dn: 'o=a' }])
  t.same(
    fake.asked.map(({ operation }) => operation),
    ['extended'],
    'in clear'
  )
  const [socket] = fake.sockets
  const closed = socket && once(socket, 'close')
  await connection.end()
  await closed
  t.equal(connection.isOpen, false)
})

t.test('ldap-connection: a server that refuses StartTLS is told nothing', async t => {
  const fake = await fakeLdap(t, ({ id, operation, socket }) => socket.write(result(id, operation, { code: 2 })))
  const server = serverAt(fake, { host: 'localhost', tls, user: 'cn=me', password: () => 'hunter2' })
  await t.rejects(openLdapConnection(server, { ...options, startTls: true }), {
    code: 'result-2'
  })
  t.equal(fake.asked.length, 1)
})

t.test('ldap-connection: what comes in clear behind the answer to StartTLS is no part of what follows', async t => {
  const next = ({ id }: Asked) => found(id + 1, { o: ['mail.attacker.example'] })
  for (const more of [next, (asked: Asked) => next(asked).subarray(0, 9)]) {
    const fake = await fakeLdap(t, agreeing(more))
    const server = serverAt(fake, { host: 'localhost', tls })
    await t.rejects(openLdapConnection(server, { ...options, startTls: true }), {
      code: 'clear-after-starttls'
    })
  }
})

t.test('ldap-connection: a certificate of another name ends StartTLS', async t => {
  const fake = await fakeLdap(t, agreeing())
  const server = serverAt(fake, { tls: { ...tls, host: '127.0.0.1' } })
  await t.rejects(openLdapConnection(server, { ...options, startTls: true }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
})

t.test('ldap: is opened as the settings say', async t => {
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
