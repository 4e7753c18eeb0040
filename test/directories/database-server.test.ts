import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import t from 'tap'
import { databaseServer, limitAnswers, maxAnswerBytes } from '../../src/directories/database-server.ts'
import type { DirectorySettings } from '../../src/settings/check/directory.ts'
import { matchLists } from '../support/match-lists.ts'

// Why not t.testdir: outside a test, it belongs to the whole suite.
const folder = mkdtempSync(join(tmpdir(), 'database-server-'))
t.teardown(() => rmSync(folder, { recursive: true }))
writeFileSync(join(folder, 'password'), 'hunter2\n')
writeFileSync(join(folder, 'ca.pem'), 'a certificate')

const settings = { database: 'mail', query: 'SELECT 1 FROM a WHERE b = :domain' }
const server = (changes: Partial<DirectorySettings>, env: Record<string, string> = {}) =>
  databaseServer({ ...settings, type: 'postgres', ...changes }, { block: 'directory', folder, env })

t.test('database server: missing settings get defaults', async t => {
  t.match(server({}), {
    host: '127.0.0.1',
    isSocket: false,
    port: 5432,
    database: 'mail',
    user: 'signpost',
    tls: undefined
  })
  t.match(server({ type: 'mysql', user: 'me' }), { port: 3306, user: 'me' })
  t.match(server({ type: 'mysql', port: 3307 }), { port: 3307 })
  t.match(server({ type: 'ldap' }), { host: '127.0.0.1', port: 389, user: '', tls: undefined })
  t.match(server({ type: 'ldap', host: 'ldap.example.net' }), { port: 636, tls: { host: 'ldap.example.net' } })
  t.match(server({ type: 'ldap', security: 'starttls' }), { port: 389, tls: { host: '127.0.0.1' } })
})

t.test(
  'database server: a server on another machine is reached with TLS, unless the settings say otherwise',
  async t => {
    for (const [host, isSafe] of [
      ['db.example.net', true],
      ['192.0.2.1', true],
      ['2001:db8::1', true],
      ['127.0.0.2', false],
      ['::1', false],
      ['localhost', false],
      ['/run/postgresql', false]
    ] as const) {
      t.equal(server({ host }).tls !== undefined, isSafe, host)
    }
    t.same(server({ host: 'db.example.net', ca: 'ca.pem' }).tls, {
      ca: 'a certificate',
      host: 'db.example.net',
      rejectUnauthorized: true
    })
    t.equal(server({ host: 'db.example.net', security: 'none' }).tls, undefined)
    t.match(server({ security: 'tls' }).tls, { host: '127.0.0.1' })
    t.equal(server({ host: '/run/postgresql' }).isSocket, true)
  }
)

t.test('database server: the current password is read from a file or the environment', async t => {
  const env = { SIGNPOST_DIRECTORY_PASSWORD: 'from the environment' }
  t.equal(server({}, env).password(), 'from the environment')
  t.equal(server({}).password(), undefined)
  t.equal(server({ passwordFile: 'password' }, env).password(), 'hunter2')
  t.equal(server({ passwordFile: join(folder, 'password') }).password(), 'hunter2')
})

t.test('database server: a missing file is reported immediately', async t => {
  t.throws(() => server({ passwordFile: 'none' }), {
    code: 'AC_SETTINGS_INVALID',
    message: 'directory.passwordFile: cannot read the file: no such file'
  })
  t.throws(() => server({ ca: 'none.pem', security: 'tls' }), {
    code: 'AC_SETTINGS_INVALID',
    message: 'directory.ca: cannot read none.pem: no such file'
  })
})

t.test('database server: a stream is destroyed when an answer exceeds the limit', async t => {
  const stream = Object.assign(new PassThrough(), { bytesWritten: 0 })
  const errors: unknown[] = []
  limitAnswers(stream).on('error', error => errors.push(error))
  for (let answer = 1; answer < 4; answer++) {
    stream.bytesWritten = answer
    stream.write(Buffer.alloc(maxAnswerBytes))
    await new Promise(setImmediate)
  }
  t.equal(stream.destroyed, false, 'the limit applies to each response separately')
  stream.write('x')
  await new Promise(setImmediate)
  t.equal(stream.destroyed, true)
  matchLists(t, errors, [{ code: 'answer-too-long' }])
})
