// Probes of real servers: Dovecot for IMAP, POP3 and ManageSieve, Postfix for submission, Radicale for calendars.

import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import type { Network, ServerToProbe } from '../../src/probes/probe.ts'
import { probeServer } from '../../src/probes/probe-server.ts'
import { probeService } from '../../src/probes/probe-service.ts'
import { matchLists } from '../support/match-lists.ts'
import { createAuthority } from './certificate-authority.ts'
import { startDnsStub } from './dns-stub.ts'
import { startMailServers } from './mail-servers.ts'
import { WORLD_ADDRESS } from './namespace.ts'
import { createNetworkWorld } from './network-world.ts'
import { startRadicale } from './radicale.ts'

const HOST = 'mail.probes.test'
const ADDRESS = 'john.doe@probes.test'
const PASSWORD = 'sécret "x"'
const DAV_HOST = 'dav.probes.test'
const DAV_PORT = 5232

const directory = await mkdtemp(join(tmpdir(), 'probes-'))
t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }))
await chmod(directory, 0o755) // the servers' own users go through it
const authority = await createAuthority(join(directory, 'authority'))
const mail = await startMailServers(join(directory, 'mail'), authority, {
  hosts: [HOST],
  ports: [143, 993, 110, 995, 465, 587, 4190],
  address: ADDRESS,
  password: PASSWORD
})
t.teardown(mail.stop)
const radicale = await startRadicale(join(directory, 'radicale'), {
  certificate: await authority.issue([DAV_HOST]),
  port: DAV_PORT,
  usernames: [ADDRESS],
  password: PASSWORD
})
t.teardown(radicale.stop)
const dns = await startDnsStub({ hosts: [DAV_HOST] })
t.teardown(dns.stop)

const network: Network = {
  ca: await readFile(authority.root, 'utf8'),
  timeoutMs: 20_000,
  now: Date.now,
  async connect(_host, port) {
    // Observed: Dovecot 2.3.19 accepts plaintext passwords from its own address with any settings.
    const socket = connect({ port, host: WORLD_ADDRESS, localAddress: '127.0.0.1' })
    await once(socket, 'connect')
    return socket
  }
}

const servers = [
  { protocol: 'imap', port: 993, security: 'tls' },
  { protocol: 'imap', port: 143, security: 'starttls' },
  { protocol: 'pop3', port: 995, security: 'tls' },
  { protocol: 'pop3', port: 110, security: 'starttls' },
  { protocol: 'smtp', port: 465, security: 'tls' },
  { protocol: 'smtp', port: 587, security: 'starttls' },
  { protocol: 'managesieve', port: 4190, security: 'starttls' }
] as const

const toServer = (server: (typeof servers)[number]): ServerToProbe => {
  return { ...server, host: HOST, authentication: ['password'], username: ADDRESS }
}

for (const server of servers) {
  t.test(
    `probes: ${server.protocol} on ${server.port} has no fault, and accepts only the correct password`,
    async t => {
      const probe = await probeServer(toServer(server), network, PASSWORD)
      t.same(probe.faults, [])
      t.equal(probe.logIn, 'accepted')
      matchLists(t, probe.tls, { protocol: 'TLSv1.3', names: [HOST], daysLeft: 29, authorizationError: undefined })
      t.same(probe.authentication, ['password'])
      t.equal(probe.plaintextRefused, server.security === 'starttls' ? true : undefined)

      const wrong = await probeServer(toServer(server), network, 'wrong')
      t.equal(wrong.logIn, 'refused')
      matchLists(t, wrong.faults, [{ rule: 'server.log-in-refused', remedy: /application password/ }])
    }
  )
}

t.test('probes: ports with a different protocol or security than advertised are reported', async t => {
  const rules = async (server: (typeof servers)[number], security: 'tls' | 'starttls') => {
    const probe = await probeServer({ ...toServer(server), security }, network)
    return probe.faults.map(({ rule }) => rule)
  }
  for (const server of servers) {
    if (server.security === 'tls') t.same(await rules(server, 'starttls'), ['server.tls-on-starttls-port'])
    else t.same(await rules(server, 'tls'), ['server.clear-on-tls-port'])
  }
})

t.test('probes: a certificate for another name and an unknown authority are reported', async t => {
  const [imap] = servers
  const { faults } = await probeServer({ ...toServer(imap), host: 'imap.probes.test' }, { ...network, ca: undefined })
  matchLists(t, faults, [{ rule: 'server.certificate-self-signed' }, { rule: 'server.certificate-name' }])
})

t.test('probes: authentication that is advertised but not offered is reported', async t => {
  const [imap] = servers
  const { faults } = await probeServer({ ...toServer(imap), authentication: ['oauth2', 'password'] }, network)
  matchLists(t, faults, [
    { rule: 'server.authentication-missing', message: /advertised with oauth2, but offers .*PLAIN/ }
  ])
})

t.test('probes: radicale requires a login, and has no calendars elsewhere', async t => {
  const world = await createNetworkWorld(authority.root)
  const probe = (path: string) =>
    probeService(
      { protocol: 'caldav', url: `https://${DAV_HOST}:${DAV_PORT}${path}` },
      { exchange: request => world.exchange({ ...request, method: 'PROPFIND' }), now: Date.now }
    )
  matchLists(t, await probe('/john.doe@probes.test/'), { status: 401, authentication: ['password'], faults: [] })
  const wellKnown = await probe('/.well-known/caldav')
  t.match(wellKnown.faults[0], { rule: 'service.redirect', severity: 'info' })
})
