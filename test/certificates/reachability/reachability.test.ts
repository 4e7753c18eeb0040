import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import t, { type Test } from 'tap'
import { attempt } from '../../../src/certificates/attempt.ts'
import { findReachability, type ReachabilityOptions } from '../../../src/certificates/reachability/reachability.ts'
import { StorageFault } from '../../../src/certificates/storage/certificate-storage.ts'
import { createTlsChallengeFiles, readTlsChallenge } from '../../../src/certificates/storage/tls-challenge-files.ts'
import { errors } from '../../../src/errors.ts'
import { refusal } from '../../../src/http/refusal.ts'
import type { Exchanger } from '../../../src/network/http-exchange.ts'
import { isProof } from '../../support/acme/validate-over-tls.ts'
import { createWorld } from '../../support/acme/world.ts'
import { issue } from '../../support/certificates.ts'
import { failure } from '../../support/failure.ts'

const names = ['autoconfig.a.example', 'autodiscover.a.example']
const [first = '', second = ''] = names
const group = { key: 'a.example', names }

type World = ReturnType<typeof createWorld>

async function find({ storage, options }: World, changes: Partial<ReachabilityOptions> = {}) {
  const session = { ...(await options.openSession()), ...changes.session }
  const { headStartMs, handshakeMs } = options
  const given = { storage, headStartMs, handshakeMs, ...changes, session }
  const { ways, problems } = await findReachability(names, given)
  return { ways: Object.fromEntries(ways), problems: Object.fromEntries(problems) }
}

/** Another server at port 443 of every name. */
async function listenElsewhere(t: Test, world: World, server: Server): Promise<void> {
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  world.tlsPort = (server.address() as AddressInfo).port
}

t.test('reachability: http is preferred, and each name uses the challenge that works for it', async t => {
  const world = createWorld(t)
  await world.listenOverTls()
  world.withoutHttp.add(second)
  t.same(await find(world), {
    ways: { [first]: ['http-01', 'tls-alpn-01'], [second]: ['tls-alpn-01'] },
    problems: {}
  })
  for (const folder of ['challenges', 'tls-challenges']) t.same(await world.storage.list(folder), [], folder)
})

t.test('reachability: as long as http answers, nothing is asked over TLS', async t => {
  const world = createWorld(t)
  const session = { ...(await world.options.openSession()), ownConnect: () => Promise.reject(t.fail('asked')) }
  t.same((await find(world, { session })).problems, {})
})

t.test('reachability: with a challenge in the settings, the other one is not tried', async t => {
  const world = createWorld(t)
  await world.listenOverTls()
  t.same((await find(world, { challenge: 'http-01' })).ways, { [first]: ['http-01'], [second]: ['http-01'] })
  const session = { ...(await world.options.openSession()), ownExchange: () => Promise.reject(t.fail('asked')) }
  t.same((await find(world, { challenge: 'tls-alpn-01', session })).ways, {
    [first]: ['tls-alpn-01'],
    [second]: ['tls-alpn-01']
  })
  world.withoutHttp.add(first)
  world.astray.add(second)
  t.same((await find(world, { challenge: 'http-01' })).problems, {
    [first]: 'port 80: connection refused',
    [second]: 'port 80: no such host'
  })
  t.same((await find(world, { challenge: 'tls-alpn-01' })).problems, { [second]: 'port 443: no such host' })
})

t.test(
  'reachability: port 443 does not wait for a port 80 that takes long, and is not needed if it answers',
  async t => {
    const world = createWorld(t)
    await world.listenOverTls()
    const session = await world.options.openSession()
    const { promise: asked, resolve: release } = Promise.withResolvers<void>()
    const ownExchange: Exchanger = async request => {
      await asked
      return await session.ownExchange(request)
    }
    const slow = { headStartMs: 1, session: { ...session, ownExchange } }
    t.same((await find(world, slow)).ways, { [first]: ['tls-alpn-01'], [second]: ['tls-alpn-01'] })
    world.tlsPort = 0
    const found = find(world, {
      ...slow,
      session: {
        ...slow.session,
        async ownConnect(host, port) {
          // Why now: port 80 answers only after port 443 has been tried.
          setImmediate(release)
          return await session.ownConnect(host, port)
        }
      }
    })
    t.same((await found).ways, { [first]: ['http-01'], [second]: ['http-01'] })
  }
)

t.test('reachability: another server on port 443 is distinguished from this one', async t => {
  const { pem: cert, keyPem: key } = issue(first, { hosts: names })
  const refusing = (socket: Socket) => socket.destroy()
  const elsewhere = 'port 443: another server answers'
  for (const [server, problem] of [
    [createTlsServer({ cert, key, ALPNProtocols: ['acme-tls/1'] }), elsewhere],
    [createTlsServer({ cert, key }), elsewhere],
    [createTlsServer({ cert, key, ALPNProtocols: ['http/1.1'] }), `${elsewhere}, without acme-tls/1`],
    [createServer(socket => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), `${elsewhere}, without acme-tls/1`],
    [createServer(refusing), /^port 443: .*(?:closed|disconnected)/]
  ] as const) {
    const world = createWorld(t)
    // Why: it resets connections if it is closed with some of them open.
    server.on('tlsClientError', () => undefined)
    await listenElsewhere(t, world, server)
    const { problems } = await find(world, { challenge: 'tls-alpn-01' })
    for (const name of names) t.match(problems[name], problem)
    t.same(await world.storage.list('tls-challenges'), [])
  }
})

/** A storage that forgets, damages, cannot read or cannot write the files of challenges. */
const faultyStorages = ({ storage }: World) =>
  [
    [{ ...storage, read: async () => undefined }, /^cannot read .*challenges\/.*: it has been removed$/],
    [{ ...storage, read: () => Promise.reject(new StorageFault('cannot read: EIO')) }, /^cannot read: EIO$/],
    [{ ...storage, write: () => Promise.reject(new StorageFault('the disk is full')) }, /^the disk is full$/]
  ] as const

t.test('reachability: a fault of the storage is not reported as one of the network', async t => {
  for (const challenge of ['http-01', 'tls-alpn-01', undefined] as const) {
    const world = createWorld(t)
    await world.listenOverTls()
    world.withoutHttp.add(first)
    for (const [storage, message] of faultyStorages(world)) {
      const error = await failure(find(world, { challenge, storage }))
      t.type(error, StorageFault)
      t.match(error.message, message)
    }
  }
})

t.test('reachability: after a fault of the storage, the challenges of all other names have ended as well', async t => {
  const world = createWorld(t)
  let reads = 0
  const read = async (file: string) => {
    if (reads++ === 0) throw new StorageFault('cannot read')
    await new Promise(resolve => setTimeout(resolve, 20))
    return await world.storage.read(file)
  }
  const error = await failure(find(world, { challenge: 'tls-alpn-01', storage: { ...world.storage, read } }))
  t.same([error.message, reads], ['cannot read', 2])
  t.same(await world.storage.list('tls-challenges'), [])
})

t.test('reachability: a challenge over TLS whose file is damaged is a fault of the storage', async t => {
  const world = createWorld(t)
  const storage = { ...world.storage, read: async () => 'damaged' }
  t.match(await failure(find(world, { challenge: 'tls-alpn-01', storage })), {
    message: /^cannot read .*tls-challenges\/.*: it is damaged$/
  })
  t.same(await world.storage.list('tls-challenges'), [], 'it is removed')
})

t.test(
  'reachability: a service that cannot read its answer to a challenge is not taken for another server',
  async t => {
    const world = createWorld(t)
    const ownExchange: Exchanger = async request => {
      const response = { status: 404, headers: {}, body: '' }
      return { request, tls: undefined, ms: 1, response, fault: undefined }
    }
    const session = { ...(await world.options.openSession()), ownExchange }
    const options = { challenge: 'http-01', session } as const
    t.equal((await find(world, options)).problems[first], 'port 80: another server answers (status 404)')
    const storage = { ...world.storage, read: () => Promise.reject(new StorageFault('cannot read: EMFILE')) }
    t.match(await failure(find(world, { ...options, storage })), { message: 'cannot read: EMFILE' })
  }
)

t.test('reachability: a server on port 443 that never answers is given up', async t => {
  const world = createWorld(t)
  const open = new Set<Socket>()
  t.teardown(() => {
    for (const socket of open) socket.destroy()
  })
  await listenElsewhere(
    t,
    world,
    createServer(socket => void open.add(socket.resume()))
  )
  const session = await world.options.openSession()
  const { problems } = await find(world, { challenge: 'tls-alpn-01', session, handshakeMs: 20 })
  t.equal(problems[first], 'port 443: no answer in 0.02 s')
})

t.test('attempt: with port 443 alone, a certificate is obtained over TLS, and for mixed names over both', async t => {
  for (const without of [names, [second]]) {
    const world = createWorld(t)
    await world.listenOverTls()
    for (const name of without) world.withoutHttp.add(name)
    const { obtained, problem } = await attempt(group, world.options)
    t.same([obtained?.names, problem], [names, undefined])
    const challenges = world.fake.requests.filter(({ path, payload }) => path.startsWith('/challenge') && payload)
    t.same(
      challenges.map(({ path }) => path),
      names.map(name => `/challenge/0/${name}/${without.includes(name) ? 'tls-alpn-01' : 'http-01'}`)
    )
    for (const folder of ['challenges', 'tls-challenges']) t.same(await world.storage.list(folder), [], folder)
  }
})

t.test('attempt: a further name that only port 443 leads to is added to the certificate', async t => {
  const world = createWorld(t)
  await world.listenOverTls()
  await attempt({ ...group, names: [first] }, world.options)
  world.withoutHttp.add(second)
  const wanted = { key: 'a.example', names: [], optional: [second], asked: second }
  t.same((await attempt(wanted, world.options)).obtained?.names.toSorted(), names)
})

t.test(
  'attempt: a further name is not checked while another node has the lock, and may be answering for it',
  async t => {
    const world = createWorld(t)
    await world.listenOverTls()
    await attempt({ ...group, names: [first] }, world.options)
    world.withoutHttp.add(second)
    await world.options.locks.take('a.example')
    const challenge = { name: second, token: '', keyAuthorization: 'of the other node' }
    await createTlsChallengeFiles(world.storage).present(challenge)
    const wanted = { key: 'a.example', names: [], optional: [second], asked: second }
    t.equal((await attempt(wanted, world.options)).obtained, undefined)
    const answer = await readTlsChallenge(world.storage, second)
    t.ok(answer && isProof(answer.chain[0], second, challenge.keyAuthorization))
  }
)

t.test('attempt: a name that was not ordered is not proved', async t => {
  const world = createWorld(t)
  const json = { status: 'pending', identifier: { value: 'other.example' }, challenges: [] }
  world.fake.intercept = ({ path }) => (path.startsWith('/authorization') ? { json } : undefined)
  t.match(await attempt(group, world.options), {
    problem: 'the certificate authority requests proof of a name that was not ordered: other.example'
  })
})

t.test('attempt: if the authority offers only the other challenge, it is used as well', async t => {
  const world = createWorld(t)
  await world.listenOverTls()
  world.fake.offered = ['tls-alpn-01']
  t.same((await attempt(group, world.options)).obtained?.names, names)
  const other = createWorld(t, { challenge: 'http-01' })
  other.fake.offered = ['dns-01', 'tls-alpn-01']
  t.match(await attempt(group, other.options), {
    obtained: undefined,
    problem: `the certificate authority offers no valid http-01 challenge for ${first}: it offers dns-01, tls-alpn-01`,
    // Why: other names may be proved.
    trouble: undefined
  })
})

t.test('reachability: while this service is overloaded, as after its start, the check is repeated', async t => {
  const world = createWorld(t)
  const session = await world.options.openSession()
  const { body } = refusal(errors.overloaded())
  let refusals = 3
  const ownExchange: Exchanger = async request => {
    if (refusals-- <= 0) return await session.ownExchange(request)
    const response = { status: 503, headers: {}, body: String(body) }
    return { request, tls: undefined, ms: 1, response, fault: undefined }
  }
  const options = { challenge: 'http-01', repeatMs: 0, session: { ...session, ownExchange } } as const
  t.same((await find(world, options)).problems, {})
  refusals = 100
  const problem = 'port 80: this service is overloaded (status 503)'
  t.same((await find(world, options)).problems, { [first]: problem, [second]: problem })
  t.equal(refusals, 100 - 12, 'six times for each name')
})
