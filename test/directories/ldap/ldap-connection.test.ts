import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import * as driver from 'ldapts'
import t from 'tap'
import type { DirectoryFailure } from '../../../src/directories/directory.ts'
import { ldapFailure, openLdapConnection } from '../../../src/directories/ldap/ldap-connection.ts'
import { issue } from '../../support/certificates.ts'
import {
  fakeLdap,
  finding,
  found,
  type LdapRequest,
  result,
  serverAt,
  upgrade
} from '../../support/directories/fake-ldap.ts'

const authority = issue('authority', { ca: true })
const { pem: cert, keyPem: key } = issue('localhost', { issuer: authority, hosts: ['localhost'] })
const certificate = { cert, key }
const tls = { ca: authority.pem, host: 'localhost', rejectUnauthorized: true } as const

const base = 'ou=domains,dc=example,dc=com'

const options = { driver, startTls: false, timeoutMs: 5000 }

t.test('ldap connection: a silent server times out', async t => {
  const fake = await fakeLdap(t, () => undefined)
  await t.rejects(openLdapConnection(serverAt(fake), { ...options, timeoutMs: 30 }), { code: 'ETIMEDOUT' })
  while (fake.sockets.size > 0) await turn()
})

t.test('ldap connection: the library does not reopen a lost connection', async t => {
  const fake = await fakeLdap(t)
  const connection = await openLdapConnection(serverAt(fake), options)
  t.equal(connection.isOpen, true)
  for (const socket of fake.sockets) socket.end()
  while (connection.isOpen) await turn()
  await t.rejects(connection.search(base, {}), { code: 'connection-lost' })
  connection.destroy()
  await connection.end()
  t.equal(fake.requests.length, 1)
})

t.test('ldap connection: a socket needs no port', async t => {
  // Why not t.testdir: its path is too long for a socket.
  const folder = mkdtempSync(join(tmpdir(), 'ldapi-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'ldapi')
  const fake = await fakeLdap(t, finding({}), { path })
  const connection = await openLdapConnection(serverAt(fake, { host: path, isSocket: true }), options)
  t.same(await connection.search(base, {}), [{ dn: 'o=a' }])
  await connection.end()
})

t.test('ldap connection: TLS begins with the first byte, and the certificate is verified', async t => {
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
const agreeing = (more: (request: LdapRequest) => Buffer = () => Buffer.alloc(0)) => {
  return (request: LdapRequest) => {
    request.socket.write(Buffer.concat([result(request.id, 'extended'), more(request)]))
    upgrade(request, certificate, finding({}))
  }
}

t.test('ldap connection: StartTLS comes before credentials and questions', async t => {
  const fake = await fakeLdap(t, agreeing())
  const server = serverAt(fake, { host: 'localhost', tls, user: 'cn=me', password: () => 'hunter2' })
  const connection = await openLdapConnection(server, { ...options, startTls: true })
  t.same(await connection.search(base, {}), [{ dn: 'o=a' }])
  t.same(
    fake.requests.map(({ operation }) => operation),
    ['extended'],
    'in clear'
  )
  const [socket] = fake.sockets
  const closed = socket && once(socket, 'close')
  await connection.end()
  await closed
  t.equal(connection.isOpen, false)
})

t.test('ldap connection: a server that refuses StartTLS gets no credentials', async t => {
  const fake = await fakeLdap(t, ({ id, operation, socket }) => socket.write(result(id, operation, { code: 2 })))
  const server = serverAt(fake, { host: 'localhost', tls, user: 'cn=me', password: () => 'hunter2' })
  await t.rejects(openLdapConnection(server, { ...options, startTls: true }), {
    code: 'result-2'
  })
  t.equal(fake.requests.length, 1)
})

t.test('ldap connection: unencrypted bytes after the answer to StartTLS are refused', async t => {
  const next = ({ id }: LdapRequest) => found(id + 1, { o: ['mail.attacker.example'] })
  for (const more of [next, (request: LdapRequest) => next(request).subarray(0, 9)]) {
    const fake = await fakeLdap(t, agreeing(more))
    const server = serverAt(fake, { host: 'localhost', tls })
    await t.rejects(openLdapConnection(server, { ...options, startTls: true }), {
      code: 'clear-after-starttls'
    })
  }
})

t.test('ldap connection: a certificate for another name ends StartTLS', async t => {
  const fake = await fakeLdap(t, agreeing())
  const server = serverAt(fake, { tls: { ...tls, host: '127.0.0.1' } })
  await t.rejects(openLdapConnection(server, { ...options, startTls: true }), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
})

const text = 'value of "JANE"'
const fields = ({ code, isRefusal, driverText }: DirectoryFailure) => ({ code, isRefusal, driverText })

t.test('ldap connection: the result code distinguishes refused questions from an unavailable server', async t => {
  const failure = (code: number, options = {}) =>
    fields(ldapFailure(Object.assign(new Error(`${text} Code: 0x1`), { code, name: 'BusyError' }), options))
  for (const code of [2, 18, 21, 34]) {
    t.same(failure(code), { code: `result-${code}`, isRefusal: true, driverText: 'the server answers Busy' })
  }
  for (const code of [1, 3, 32, 49, 50, 51, 52]) t.equal(failure(code).isRefusal, false, `${code}`)
  t.same(failure(53, { isConnecting: true }).driverText, `the server answers Busy: ${text}`)
  t.equal(failure(53, { isConnecting: true }).isRefusal, false)
})
