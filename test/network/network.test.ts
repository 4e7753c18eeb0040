/**
 * Lookups, connections and HTTP exchanges with foreign servers, on the loopback.
 */
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import {
  type AddressInfo,
  connect as connectTo,
  createServer as createTcpServer,
  type Server,
  type Socket
} from 'node:net'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import t, { type Test } from 'tap'
import { type ConnectorOptions, createConnect } from '../../src/network/connector.ts'
import { createExchanger, type ExchangeOptions } from '../../src/network/http-exchange.ts'
import { isPublicAddress } from '../../src/network/is-public.ts'
import { NetworkFault, toNetworkFault } from '../../src/network/network-fault.ts'
import { createLimit, createNetworkWorld } from '../../src/network/network-world.ts'
import { createResolver, type Resolver } from '../../src/network/resolver.ts'
import { type Issued, issue, issueChain } from '../support/certificates.ts'
import { startNameServer, type ZoneRecord } from '../support/doctor/name-server.ts'
import { matchLists } from '../support/match-lists.ts'

const never = new AbortController().signal
const root = issue('Test Root', { ca: true })
const patient = 60_000

const records: readonly ZoneRecord[] = [
  { name: 'a.test', type: 'A', address: '9.9.9.9' },
  { name: 'a.test', type: 'AAAA', address: '2620:fe::9' },
  { name: 'alias.test', type: 'CNAME', target: 'a.test' },
  { name: 'a.test', type: 'MX', priority: 10, exchange: 'mx.test' },
  { name: 'a.test', type: 'NS', host: 'ns1.test' },
  { name: '_imaps._tcp.a.test', type: 'SRV', priority: 1, weight: 2, port: 993, target: 'imap.test' },
  { name: '_pop3s._tcp.a.test', type: 'SRV', priority: 0, weight: 0, port: 0, target: '' },
  { name: 'a.test', type: 'TXT', text: 'x'.repeat(300) },
  { name: 'a.test', type: 'CAA', tag: 'issue', value: 'letsencrypt.org' },
  { name: 'private.test', type: 'A', address: '127.0.0.1' }
]

async function startResolver(t: Test, options: Partial<Parameters<typeof startNameServer>[0]> = {}): Promise<Resolver> {
  const { place, stop } = await startNameServer({ records, ...options })
  t.teardown(stop)
  return createResolver({ servers: [place], timeoutMs: patient })
}

/** @returns the port */
async function listen(t: Test, server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return (server.address() as AddressInfo).port
}

async function startWeb(t: Test, listener: RequestListener, own?: Issued, chain = own?.pem): Promise<number> {
  const server =
    own === undefined ? createServer(listener) : createTlsServer({ key: own.keyPem, cert: chain }, listener)
  t.teardown(() => server.closeAllConnections())
  return await listen(t, server)
}

/** A resolver that must not be used. */
const nobody = createResolver({ servers: ['127.0.0.1:9'], timeoutMs: 100 })

function connector(options: Partial<ConnectorOptions> = {}) {
  return createConnect({ resolver: nobody, timeoutMs: patient, signal: never, ...options })
}

/** Maps every host to the port on this machine. */
function exchanger(port: number, options: Partial<ExchangeOptions> = {}) {
  const hosts = ['a.test', 'b.test'].map(host => [host, { address: '127.0.0.1', port }] as const)
  return createExchanger({
    connect: connector({ overrides: new Map(hosts) }),
    timeoutMs: patient,
    signal: never,
    ...options
  })
}

const get = (url: string) => ({ method: 'GET', url, headers: {} })

t.test('is-public-address: addresses that are reserved in the registries are not public, in any notation', async t => {
  for (const address of [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.31.0.1', '192.0.0.8', '192.0.2.1'],
    ...['192.168.1.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', 'fe80::1', 'fc00::1', 'fd12::1', 'ff02::1', '2001:db8::1', '2001::1', '2002:a00:1::', '3fff::1'],
    ...['::ffff:10.0.0.1', '::ffff:9.9.9.9', '64:ff9b::10.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1', '5f00::1'],
    ...['', 'localhost', '127.1', '0x7f.1', '9.9.9.9 ', '[::1]', '1.1.1']
  ]) {
    t.notOk(isPublicAddress(address), address)
  }
  for (const address of ['9.9.9.9', '172.32.0.1', '192.1.2.3', '223.255.255.255', '2620:fe::9', '64:ff9b::909:909']) {
    t.ok(isPublicAddress(address), address)
  }
})

t.test('is-public-address: an IPv4 address and its NAT64 form have the same result', async () => {
  fc.assert(fc.property(fc.ipV4(), address => isPublicAddress(address) === isPublicAddress(`64:ff9b::${address}`)))
})

t.test('resolver: returns every type of record unchanged', async t => {
  const { look, servers } = await startResolver(t)
  matchLists(t, servers, [/^127\.0\.0\.1:\d+$/])
  t.same((await look('A', 'a.test')).records, ['9.9.9.9'])
  t.same((await look('AAAA', 'a.test')).records, ['2620:fe::9'])
  t.same((await look('CNAME', 'alias.test')).records, ['a.test'])
  t.same((await look('A', 'alias.test')).records, ['9.9.9.9'])
  matchLists(t, (await look('MX', 'a.test')).records, [{ priority: 10, exchange: 'mx.test' }])
  t.same((await look('NS', 'a.test')).records, ['ns1.test'])
  matchLists(t, (await look('SRV', '_imaps._tcp.a.test')).records, [
    { priority: 1, weight: 2, port: 993, target: 'imap.test' }
  ])
  t.match((await look('SRV', '_pop3s._tcp.a.test')).records, [{ target: '.' }], 'RFC 2782: not offered')
  t.same((await look('TXT', 'a.test')).records, ['x'.repeat(300)], 'strings are one text')
  t.same((await look('CAA', 'a.test')).records, [{ tag: 'issue', value: 'letsencrypt.org' }])
})

t.test('resolver: no records are a result, and a failed lookup is an error', async t => {
  const { look } = await startResolver(t, {
    faults: { 'servfail.test': 'SERVFAIL', 'refused.test': 'REFUSED', 'malformed.test': 'malformed' }
  })
  const state = async (name: string) => {
    const { records, fault, isMissing } = await look('A', name)
    return [records, fault, isMissing]
  }
  t.same(await state('mx.test'), [[], undefined, true], 'NXDOMAIN')
  t.same(await state('_tcp.a.test'), [[], undefined, false], 'no data')
  t.same(await state(`${'a'.repeat(64)}.test`), [[], undefined, false], 'an impossible name')
  t.same(await state('servfail.test'), [[], 'SERVFAIL', false])
  t.same(await state('refused.test'), [[], 'REFUSED', false])
  t.same(await state('malformed.test'), [[], 'malformed', false])
  t.same((await nobody.look('A', 'a.test')).fault, 'unreachable')
})

t.test('resolver: a silent server causes a timeout', async t => {
  const { place, stop } = await startNameServer({ records, faults: { 'a.test': 'silence' } })
  t.teardown(stop)
  const { look } = createResolver({ servers: [place], timeoutMs: 150 })
  t.equal((await look('A', 'a.test')).fault, 'timeout')
})

t.test('resolver: a malformed response does not end other lookups', async t => {
  const { look } = await startResolver(t, { faults: { 'malformed.test': 'malformed' } })
  const [bad, good] = await Promise.all([look('A', 'malformed.test'), look('A', 'a.test')])
  t.equal(bad.fault, 'malformed')
  t.same(good.records, ['9.9.9.9'])
})

t.test(
  "resolver: looks up each name and type once, in any letter case, and uses the system's server by default",
  async t => {
    const { look } = await startResolver(t)
    t.equal(look('A', 'a.test'), look('A', 'A.test'))
    t.not(look('A', 'a.test'), look('AAAA', 'a.test'))
    t.ok(createResolver({ timeoutMs: 100 }).servers.length > 0)
  }
)

t.test('connector: the address is looked up once, and the connection uses exactly that address', async t => {
  const resolver = await startResolver(t)
  const port = await listen(
    t,
    createTcpServer(socket => socket.destroy())
  )
  const socket = await connector({ resolver, allowPrivate: true })('private.test', port)
  t.equal(socket.remoteAddress, '127.0.0.1')
  socket.destroy()
})

t.test('connector: private addresses are refused, as names and as addresses, before anything is sent', async t => {
  const resolver = await startResolver(t)
  let connections = 0
  const port = await listen(
    t,
    createTcpServer(() => connections++)
  )
  for (const host of ['private.test', '127.0.0.1', '::1']) {
    await t.rejects(connector({ resolver })(host, port), {
      kind: 'private-address',
      message: /^not asked: .* is a private address$/
    })
  }
  t.equal(connections, 0)
})

t.test('connector: an address that a person chose for a host, or a host and port, needs no lookup', async t => {
  const port = await listen(
    t,
    createTcpServer(socket => socket.destroy())
  )
  const overrides = new Map([
    ['a.test', { address: '127.0.0.1', port: 9 }],
    ['a.test:993', { address: '127.0.0.1', port }],
    ['b.test', { address: '127.0.0.1', port: undefined }]
  ])
  const connect = connector({ overrides })
  for (const [host, asked] of [
    ['a.test', 993],
    ['b.test', port]
  ] as const) {
    const socket = await connect(host, asked)
    t.equal(socket.remotePort, port)
    socket.destroy()
  }
  await t.rejects(connect('a.test', 143), { kind: 'refused', message: 'connection refused' })
})

t.test('connector: reports the cause: no such host, the DNS, or the timeout', async t => {
  const resolver = await startResolver(t, { faults: { 'a.test': 'SERVFAIL' } })
  await t.rejects(connector({ resolver })('mx.test', 80), { kind: 'no-host', message: 'no such host' })
  await t.rejects(connector({ resolver })('a.test', 80), { kind: 'dns', message: 'no address: SERVFAIL from the DNS' })
  const over = AbortSignal.abort()
  await t.rejects(connector({ allowPrivate: true, signal: over })('127.0.0.1', 9), {
    kind: 'no-time',
    message: 'no time left'
  })
})

t.test('connector: uses the address that responds, or reports why none does', async t => {
  const port = await listen(
    t,
    createTcpServer(socket => socket.destroy())
  )
  const of = (...addresses: string[]): Resolver => ({
    servers: [],
    look: async (type, name) => ({
      type,
      name,
      records: (type === 'A' ? addresses : []) as never,
      fault: undefined,
      isMissing: false
    })
  })
  const socket = await connector({ resolver: of('127.0.0.2', '127.0.0.1'), allowPrivate: true })('a.test', port)
  t.equal(socket.remotePort, port)
  socket.destroy()
  await t.rejects(connector({ resolver: of('127.0.0.2', '127.0.0.3'), allowPrivate: true })('a.test', port), {
    message: 'connection refused'
  })
})

/** A port whose queue is full: connections are neither accepted nor refused. */
async function startFiltered(t: Test): Promise<number> {
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
    const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    })`,
    { eval: true }
  )
  t.teardown(() => worker.terminate())
  const [port] = (await once(worker, 'message')) as [number]
  const sockets: Socket[] = []
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
  })
  // Why: the kernel accepts one or two connections more than the length of the queue.
  for (;;) {
    const socket = connectTo(port, '127.0.0.1').on('error', () => undefined)
    sockets.push(socket)
    const isFull = await Promise.race([once(socket, 'connect').then(() => false), waitFor(300).then(() => true)])
    if (isFull) return port
  }
}

function waitFor(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

t.test('connector: a filtered port causes only one timeout', async t => {
  const port = await startFiltered(t)
  const connect = connector({ allowPrivate: true, timeoutMs: 100 })
  const first = await connect('127.0.0.1', port).catch(error => error)
  t.match(first, { kind: 'timeout', message: 'no answer in 0.1 s' })
  t.equal(await connect('127.0.0.1', port).catch(error => error), first)
})

t.test('exchange: the request is sent unchanged, and the response is returned', async t => {
  const port = await startWeb(t, (request, response) => {
    request.setEncoding('utf8').on('data', body => {
      const { method, url, headers } = request
      response
        .writeHead(302, { location: '/b', 'set-cookie': ['a', 'b'] })
        .end(JSON.stringify({ method, url, headers, body }))
    })
  })
  const headers = { 'content-type': 'text/xml' }
  const asked = { method: 'POST', url: 'http://a.test/a?b=c#d', headers, body: 'ü' }
  const { response, request, fault, tls, ms } = await exchanger(port, { clock: () => 7 })(asked)
  t.equal(request, asked)
  t.same([fault, tls, ms], [undefined, undefined, 0])
  t.match(response, { status: 302, headers: { location: '/b', 'set-cookie': 'a,b' } })
  t.same(response?.bytes, Buffer.from(response?.body ?? ''))
  t.match(JSON.parse(response?.body ?? ''), {
    method: 'POST',
    url: '/a?b=c',
    headers: { host: 'a.test', ...headers },
    body: 'ü'
  })
})

t.test('exchange: the target may be absolute, and Host contains the port', async t => {
  const port = await startWeb(t, ({ url, headers }, response) => response.end(`${url} ${headers.host}`))
  const { response } = await exchanger(port)({ ...get('http://a.test:8080/a'), target: 'absolute' })
  t.equal(response?.body, 'http://a.test:8080/a a.test:8080')
})

t.test('exchange: over TLS, the result contains the certificate', async t => {
  const { root: authority, intermediate, leaf } = issueChain('a.test', { hosts: ['a.test', '*.b.test'] })
  const port = await startWeb(t, (_request, response) => response.end('ok'), leaf, leaf.pem + intermediate.pem)
  const { response, tls } = await exchanger(port, { ca: authority.pem })(get('https://a.test/'))
  t.equal(response?.body, 'ok')
  matchLists(t, tls, {
    ...{
      protocol: 'TLSv1.3',
      subject: 'a.test',
      names: ['a.test', '*.b.test'],
      issuer: 'Test Intermediate',
      fault: undefined
    },
    chain: ['a.test', 'Test Intermediate', 'Test Root'],
    ...{ validFrom: Number, validTo: Number }
  })
})

t.test('exchange: no request is sent if programs would reject the certificate', async t => {
  const chain = issueChain('a.test', { hosts: ['a.test'] })
  for (const [own, ca, fault] of [
    [issue('a.test', { issuer: root, hosts: ['a.test'], until: -0.5 }), root.pem, 'expired'],
    [issue('a.test', { issuer: root, hosts: ['a.test'], from: 1 }), root.pem, 'not-yet-valid'],
    [issue('', { issuer: root, hosts: ['b.test'] }), root.pem, 'name'],
    [issue('a.test', { hosts: ['a.test'] }), undefined, 'self-signed'],
    [chain.leaf, chain.root.pem, 'incomplete']
  ] as const) {
    let requests = 0
    const port = await startWeb(t, () => requests++, own)
    const exchange = await exchanger(port, { ca })(get('https://a.test/'))
    t.match(exchange, { response: undefined, fault: { kind: 'certificate' }, tls: { fault } }, fault)
    t.equal(requests, 0)
  }
})

t.test('exchange: an untrusted root is reported', async t => {
  const chain = issueChain('a.test', { hosts: ['a.test'] })
  const pem = [chain.leaf, chain.intermediate, chain.root].map(each => each.pem).join('')
  const port = await startWeb(t, () => undefined, chain.leaf, pem)
  t.match(await exchanger(port)(get('https://a.test/')), { tls: { fault: 'untrusted' } })
})

t.test('exchange: if the host is an IP address, the certificate must contain it', async t => {
  const port = await startWeb(
    t,
    (_request, response) => response.end('ok'),
    issue('a.test', { issuer: root, hosts: ['a.test'] })
  )
  const connect = connector({ allowPrivate: true })
  const ask = createExchanger({ connect, timeoutMs: patient, signal: never, ca: root.pem })
  t.match(await ask(get(`https://127.0.0.1:${port}/`)), { tls: { fault: 'name' } })
  t.match(await ask(get('http://[::1]:9/')), { fault: { kind: 'refused' } })
})

t.test('exchange: bodies are cut off at 256 KiB', async t => {
  const port = await startWeb(t, ({ url }, response) => response.end('x'.repeat(Number(url?.slice(1)))))
  t.equal((await exchanger(port)(get('http://a.test/262144'))).response?.body.length, 262_144)
  t.match(await exchanger(port)(get('http://a.test/262145')), {
    fault: { kind: 'too-large', message: 'more than 256 KiB' }
  })
})

t.test('exchange: invalid or incomplete HTTP is not a response', async t => {
  for (const [bytes, kind] of [
    ['SSH-2.0-x\r\n', 'broken'],
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx', 'broken'],
    ['', 'broken']
  ] as const) {
    const port = await listen(
      t,
      createTcpServer(socket => socket.on('error', () => undefined).end(bytes))
    )
    t.match(await exchanger(port)(get('http://a.test/')), { fault: { kind } }, bytes)
  }
  const plain = await startWeb(t, () => undefined)
  t.match(await exchanger(plain)(get('https://a.test/')), { fault: { kind: 'tls' } })
  const none = exchanger(9)
  t.match(await none(get('ftp://a.test/')), { fault: { kind: 'url' } })
  t.match(await none(get('http://')), { fault: { kind: 'url' } })
})

t.test('exchange: a silent server causes a timeout, in TLS only one for all its URLs', async t => {
  const port = await listen(
    t,
    createTcpServer(socket => void t.teardown(() => socket.destroy()))
  )
  const ask = exchanger(port, { timeoutMs: 100 })
  t.match(await ask(get('http://a.test/')), { fault: { kind: 'timeout', message: 'no answer in 0.1 s' } })
  const { fault } = await ask(get('https://a.test/a'))
  t.equal(fault?.kind, 'timeout')
  t.equal((await ask(get('https://a.test/b'))).fault, fault)
})

t.test('exchange: a slow body is cut off, and all bodies when the time is over', async t => {
  const port = await startWeb(t, (_request, response) => void response.writeHead(200).write('x'))
  t.match(await exchanger(port, { timeoutMs: 200 })(get('http://a.test/')), { fault: { kind: 'timeout' } })
  const over = new AbortController()
  const overrides = new Map([['a.test', { address: '127.0.0.1', port }]])
  const ask = createExchanger({
    connect: connector({ overrides, signal: over.signal }),
    ...{ timeoutMs: patient, signal: over.signal }
  })
  const asked = ask(get('http://a.test/'))
  setTimeout(() => over.abort(), 50)
  t.match(await asked, { fault: { kind: 'no-time' } })
})

t.test('network-world: equal requests are sent once, and errors become those of a world', async t => {
  let requests = 0
  const port = await startWeb(t, (_request, response) => response.end(String(++requests)))
  const world = createNetworkWorld(exchanger(port), await startResolver(t))
  const bodies = await Promise.all([1, 2, 3].map(() => world.exchange(get('http://a.test/'))))
  t.same(
    bodies.map(({ body }) => body),
    ['1', '1', '1']
  )
  await world.exchange({ ...get('http://a.test/'), headers: { accept: '*/*' } })
  t.equal(requests, 2)
  t.equal((await world.observe(get('http://a.test/'))).response?.body, '1')
  await t.rejects(world.exchange(get('http://c.test/')), { name: 'WorldError', message: /^no address: / })
  await t.rejects(world.exchange(get('//')), { name: 'WorldError', message: 'no such URL' })
})

t.test('network-world: looks up the DNS, and a failed lookup returns nothing', async t => {
  const { dns } = createNetworkWorld(exchanger(9), await startResolver(t, { faults: { 'b.test': 'SERVFAIL' } }))
  matchLists(t, await dns.mx('a.test'), [{ exchange: 'mx.test' }])
  matchLists(t, await dns.srv('_imaps._tcp.a.test'), [{ target: 'imap.test' }])
  matchLists(t, await dns.txt('a.test'), [/^x+$/])
  t.same(await dns.txt('b.test'), [])
  t.same(await dns.ns('a.test'), ['ns1.test'])
  t.equal(await dns.isHost('private.test'), true)
  t.equal(await dns.isHost('b.test'), false)
})

t.test('limit: at most this many run at the same time, and each gets its turn even if others fail', async t => {
  const limit = createLimit(2)
  let running = 0
  let most = 0
  const work = Array.from({ length: 7 }, (_, index) =>
    limit(async () => {
      most = Math.max(most, ++running)
      await new Promise(resolve => setImmediate(resolve))
      running--
      if (index === 1) throw new Error('it failed')
      return index
    })
  )
  const settled = await Promise.allSettled(work)
  t.equal(most, 2)
  t.same(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', ...Array(5).fill('fulfilled')]
  )
  t.equal(await limit(async () => 'later'), 'later')
})

t.test('network-fault: system errors become kinds of faults, and faults are unchanged', async t => {
  const fault = new NetworkFault('timeout', 'x')
  t.equal(toNetworkFault(fault), fault)
  for (const [error, kind, message] of [
    [Object.assign(new Error('x'), { code: 'ENETUNREACH' }), 'refused', 'no way to the network'],
    [Object.assign(new Error('x'), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 'tls', 'x'],
    [Object.assign(new Error('x'), { code: 'EWHATEVER' }), 'broken', 'x'],
    [new Error('x'), 'broken', 'x']
  ] as const) {
    t.match(toNetworkFault(error), { kind, message })
  }
})
