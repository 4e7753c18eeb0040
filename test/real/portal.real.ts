// Documents with a password that a hosting portal gets from the admin listener, with real servers: Dovecot and Postfix accept the
// login that is in the profile and in the QR code.

import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PlistValue, parse } from 'plist'
import t from 'tap'
import type { Network } from '../../src/probes/probe.ts'
import { probeServer } from '../../src/probes/probe-server.ts'
import { createAuthority } from './certificate-authority.ts'
import { startMailServers } from './mail-servers.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { startSignpostAlone } from './signpost.ts'

const HOST = 'mail.portal.test'
const ADMIN_PORT = 9090
const ADDRESS = 'john.doe@portal.test'
const PASSWORD = 'sécret <"x"> & {y}'

const directory = await mkdtemp(join(tmpdir(), 'portal-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
await chmod(directory, 0o755) // the servers' own users go through it
const authority = await createAuthority(join(directory, 'authority'))
const mail = await startMailServers(join(directory, 'mail'), authority, {
  hosts: [HOST],
  ports: [993, 465],
  address: ADDRESS,
  password: PASSWORD
})
t.teardown(mail.stop)
const settings = `
http: { host: 127.0.0.1, port: 8080 }
admin: { host: 127.0.0.1, port: ${ADMIN_PORT} }
providers:
  - id: portal
    name: Portal
    domains: [portal.test]
    servers:
      - { protocol: imap, host: ${HOST} }
      - { protocol: smtp, host: ${HOST} }
`
const signpost = await startSignpostAlone(join(directory, 'signpost'), settings, [
  { host: '127.0.0.1', port: ADMIN_PORT }
])
t.teardown(signpost.stop)

const network: Network = {
  ca: await readFile(authority.root, 'utf8'),
  timeoutMs: 20_000,
  now: Date.now,
  async connect(_host, port) {
    const socket = connect({ port, host: WORLD_ADDRESS, localAddress: '127.0.0.1' })
    await once(socket, 'connect')
    return socket
  }
}

async function post(path: string, body: object): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${ADMIN_PORT}${path}`, { method: 'POST', body: JSON.stringify(body) })
  t.equal(answer.status, 200, path)
  t.equal(answer.headers.get('cache-control'), 'no-store')
  return answer
}

type Keys = { [key: string]: PlistValue }

/** Logs in to a server with the settings of a document. */
async function logIn(protocol: 'imap' | 'smtp', [host, port, username, password]: readonly unknown[]) {
  const server = { protocol, host: String(host), port: Number(port), username: String(username) }
  const probe = await probeServer(
    { ...server, security: 'tls', authentication: ['password'] },
    network,
    String(password)
  )
  return probe.logIn
}

t.test('dovecot: accepts the login in the profile of a portal, as Postfix does', async t => {
  const answer = await post('/internal/profile', { address: ADDRESS, password: PASSWORD })
  const { PayloadContent } = parse(await answer.text()) as { PayloadContent: [Keys] }
  const [account] = PayloadContent
  const incoming = ['HostName', 'PortNumber', 'Username'].map(key => account[`IncomingMailServer${key}`])
  const outgoing = ['HostName', 'PortNumber', 'Username'].map(key => account[`OutgoingMailServer${key}`])
  t.equal(await logIn('imap', [...incoming, account.IncomingPassword]), 'accepted')
  t.equal(await logIn('smtp', [...outgoing, account.OutgoingPassword]), 'accepted')
  t.equal(await logIn('imap', [...incoming, `${account.IncomingPassword}x`]), 'refused')
})

t.test('dovecot: accepts the login in the QR code of a portal', async t => {
  const answer = await post('/internal/qr', { address: ADDRESS, password: PASSWORD, format: 'text' })
  const [, , incoming, [[outgoing]]] = JSON.parse(await answer.text())
  t.equal(await logIn('imap', [incoming[1], incoming[2], incoming[5], incoming[7]]), 'accepted')
  t.equal(await logIn('smtp', [outgoing[1], outgoing[2], outgoing[5], outgoing[6]]), 'accepted')
})

t.test('portal: the log of a real service has no password', async t => {
  await fetch(`http://127.0.0.1:${ADMIN_PORT}/internal/profile`, { method: 'POST', body: `{"password":"${PASSWORD}"` })
  await fetch('http://127.0.0.1:8080/email.mobileconfig')
  // Why: the log waits 250 ms for more lines.
  await sleep(1000)
  const log = await readFile(join(directory, 'signpost', 'signpost.log'), 'utf8')
  t.match(log, '"dialect":"apple"')
  t.notMatch(log, 'cret')
})
