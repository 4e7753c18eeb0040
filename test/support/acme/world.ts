/**
 * A storage, a fake authority and a clock, and attempts that use them. Names lead to this service unless they are in `astray`, over http
 * unless they are in `withoutHttp`, and over TLS after `listenOverTls`.
 */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import type { Test } from 'tap'
import type { AttemptOptions, Permission } from '../../../src/certificates/attempt.ts'
import { openCertificateStorage } from '../../../src/certificates/storage/certificate-storage.ts'
import { readChallenge } from '../../../src/certificates/storage/challenge-files.ts'
import { createGroupLocks } from '../../../src/certificates/storage/group-lock.ts'
import { type GroupState, readGroupState } from '../../../src/certificates/storage/group-state.ts'
import { createOrderBudget } from '../../../src/certificates/storage/order-budget.ts'
import {
  certificateFile,
  readStoredCertificate,
  stateFile,
  writeCertificate
} from '../../../src/certificates/storage/stored-certificate.ts'
import { readTlsChallenge } from '../../../src/certificates/storage/tls-challenge-files.ts'
import { createTlsChallenges } from '../../../src/http/connections/tls-challenges.ts'
import type { Connect } from '../../../src/network/connector.ts'
import type { Exchanger } from '../../../src/network/http-exchange.ts'
import { NetworkFault } from '../../../src/network/network-fault.ts'
import { ecKey, type IssueOptions, issue, pemOf } from '../certificates.ts'
import { createFakeAuthority, openAcmeClient } from './fake-authority.ts'
import { fetchChallengeCertificate } from './validate-over-tls.ts'

export function createWorld(t: Test, changes: Partial<AttemptOptions> = {}) {
  const storage = openCertificateStorage(t.testdir({}))
  const astray = new Set<string>()
  const fetched: string[] = []
  const withoutHttp = new Set<string>()
  const stopping = new AbortController()
  const permissions = new Map<string, Permission>()
  const world = { now: Date.now(), tlsPort: 0 }

  async function fetchText(url: string): Promise<string | undefined> {
    const { hostname, pathname } = new URL(url)
    if (astray.has(hostname) || withoutHttp.has(hostname)) return undefined
    return await readChallenge(storage, pathname.replace(/.*\//, ''))
  }

  const ownConnect: Connect = async host => {
    if (astray.has(host)) throw new NetworkFault('no-host', 'no such host')
    if (world.tlsPort === 0) throw new NetworkFault('refused', 'connection refused')
    return connect(world.tlsPort, '127.0.0.1')
  }
  const fetchCertificate = async (name: string) =>
    fetchChallengeCertificate(name, { socket: await ownConnect(name, 443) })
  const fake = createFakeAuthority(fetchText, { fetchCertificate })
  const accountKey = pemOf(ecKey())
  const ownExchange: Exchanger = async request => {
    const base = { request, tls: undefined, ms: 1 }
    const { hostname } = new URL(request.url)
    fetched.push(hostname)
    if (astray.has(hostname)) {
      return { ...base, response: undefined, fault: new NetworkFault('no-host', 'no such host') }
    }
    if (withoutHttp.has(hostname)) {
      return { ...base, response: undefined, fault: new NetworkFault('refused', 'connection refused') }
    }
    const body = await fetchText(request.url)
    const response = { status: body === undefined ? 404 : 200, headers: {}, body: body ?? '' }
    return { ...base, response, fault: undefined }
  }
  const options: AttemptOptions = {
    storage,
    locks: createGroupLocks(storage, { clock: () => 0 }),
    budget: createOrderBudget(storage, () => world.now),
    ordersPerHour: 50,
    // Why so long: on a busy machine, a port must not count as slow by chance.
    headStartMs: 60_000,
    handshakeMs: 60_000,
    access: 'authority and account',
    openSession: async () => ({
      client: await openAcmeClient(fake, { accountKey, clock: () => world.now }),
      exchange: fake.exchange,
      ownExchange,
      ownConnect
    }),
    permit: async name => permissions.get(name) ?? 'served',
    clock: () => world.now,
    pause: async () => undefined,
    signal: stopping.signal,
    ...changes
  }

  return Object.assign(world, {
    options,
    storage,
    fake,
    astray,
    /** The names through which the service has fetched its own text. */
    fetched,
    withoutHttp,
    /** From now on, challenges are answered over TLS. */
    async listenOverTls(): Promise<void> {
      const limits = { headersSeconds: 60 }
      const answer = createTlsChallenges(name => readTlsChallenge(storage, name), { limitsOf: () => limits })
      const server = createServer(socket => answer(socket, () => socket.destroy()))
      t.teardown(() => server.close())
      await once(server.listen(0, '127.0.0.1'), 'listening')
      world.tlsPort = (server.address() as AddressInfo).port
    },
    permissions,
    stopping,
    ordersOf: () => fake.requests.filter(({ path }) => path === '/orders').length,
    stateOf: async (key: string): Promise<GroupState> => readGroupState(await storage.read(stateFile(key))),
    async namesOf(key: string): Promise<readonly string[] | undefined> {
      const text = await storage.read(certificateFile(key))
      return text === undefined ? undefined : readStoredCertificate(text, undefined)?.names
    },
    /** Stores a certificate as if it had been obtained. */
    async put(key: string, names: readonly string[], changes: IssueOptions = {}): Promise<void> {
      const { pem, keyPem } = issue(names[0] ?? '', { issuer: fake.root, hosts: names, ...changes })
      await storage.write(certificateFile(key), writeCertificate({ chain: pem, key: keyPem }))
    }
  })
}
