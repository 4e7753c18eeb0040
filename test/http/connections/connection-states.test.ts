/**
 * Unusual things that a client can do with a connection. On every listener, each of these connections ends in
 * bounded time, and then no connection is counted any more.
 */
import { once } from 'node:events'
import { connect, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { createAdmin } from '../../../src/admin/admin.ts'
import { createTlsListener } from '../../../src/http/connections/tls-listener.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { issue } from '../../support/certificates.ts'
import { fixed } from '../../support/fixed.ts'
import { certificateOf } from '../../support/http/certificate-of.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const limits = {
  headersSeconds: 0.3,
  requestSeconds: 0.3,
  idleSeconds: 0.3,
  keepAliveSeconds: 0.3,
  overload: { delayMilliseconds: 0 }
}

/** The sum of the limits for one request, and the time until the server notices. */
const mostMs = 10_000

const get = 'GET /nowhere HTTP/1.1\r\nHost: example.com\r\n\r\n'
const post = 'POST /nowhere HTTP/1.1\r\nHost: example.com\r\n'
const large = 'Content-Length: 9000000000\r\n\r\n'

/** Sends all bytes except the last, one at a time. */
function drip(socket: Socket, bytes: string | Buffer): void {
  let at = 0
  const timer = setInterval(() => {
    if (at < bytes.length - 1) socket.write(bytes.slice(at, ++at))
  }, 50)
  socket.once('close', () => clearInterval(timer))
}

/** Sends the same data repeatedly, for longer than a connection may last. */
function repeat(socket: Socket, bytes: string | Buffer, everyMs = 50): void {
  const timer = setInterval(() => socket.write(bytes), everyMs)
  socket.once('close', () => clearInterval(timer))
}

type Peer = (socket: Socket) => void

/** Unusual clients by name. */
const peers: Readonly<Record<string, Peer>> = {
  'sends nothing': () => undefined,
  'sends one byte': socket => socket.write('G'),
  'sends empty lines': socket => repeat(socket, '\r\n'),
  'sends its headers byte by byte': socket => drip(socket, `${get.slice(0, -2)}X: ${'x'.repeat(10_000)}`),
  'sends its body byte by byte': socket => {
    socket.write(`${post}Content-Length: 10000\r\n\r\n`)
    drip(socket, 'x'.repeat(10_000))
  },
  'sends chunks of one byte': socket => {
    socket.write(`${post}Transfer-Encoding: chunked\r\n\r\n`)
    repeat(socket, '1\r\nx\r\n')
  },
  'sends its trailers byte by byte': socket => {
    socket.write(`${post}Transfer-Encoding: chunked\r\n\r\n0\r\n`)
    drip(socket, `X: ${'x'.repeat(10_000)}`)
  },
  'closes its side before the request': socket => socket.end(),
  'closes its side in its headers': socket => socket.end('GET / HT'),
  'closes its side in its body': socket => socket.end(`${post}Content-Length: 10\r\n\r\nx`),
  'closes its side after the request': socket => socket.end(get),
  'sends nothing after a response': socket => socket.write(get),
  'sends one byte after a response': socket => socket.write(`${get}G`),
  'sends empty lines after a response': socket => {
    socket.write(get)
    repeat(socket, '\r\n')
  },
  'sends its body after 413': socket => {
    socket.write(`${post}${large}`)
    repeat(socket, Buffer.alloc(100))
  },
  'sends a large body after 413': socket => {
    socket.write(`${post}${large}`)
    repeat(socket, Buffer.alloc(1_000_000), 1)
  },
  'sends more after 400': socket => {
    socket.write('nonsense\r\n\r\n')
    repeat(socket, 'nonsense\r\n\r\n')
  },
  'sends more after 431': socket => {
    socket.write(`GET /${'x'.repeat(20_000)}`)
    repeat(socket, 'x'.repeat(100))
  },
  'does not close its side after 400': socket => socket.write('nonsense\r\n\r\n'),
  'never reads the responses': socket => {
    socket.pause()
    socket.write(get.repeat(50_000))
  },
  'requests an upgrade and then uses another protocol': socket => {
    socket.write(`${get.slice(0, -2)}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    repeat(socket, Buffer.of(0x81))
  },
  'requests a tunnel': socket => {
    socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n')
    repeat(socket, 'x')
  }
}

/** Unusual clients of a TLS listener: what they do instead of a complete handshake. */
async function clientHello(): Promise<Buffer> {
  const { Duplex } = process.getBuiltinModule('node:stream')
  return await new Promise(resolve => {
    const wire = new Duplex({ read: () => undefined, write: (chunk, _encoding, done) => done(void resolve(chunk)) })
    connectTls({ socket: wire, rejectUnauthorized: false }).on('error', () => undefined)
  })
}

const hello = await clientHello()

const handshakes: Readonly<Record<string, Peer>> = {
  'sends nothing instead of TLS': () => undefined,
  'sends one byte of a handshake': socket => socket.write(hello.subarray(0, 1)),
  'sends its handshake byte by byte': socket => drip(socket, hello),
  'sends half of a handshake': socket => socket.write(hello.subarray(0, 100)),
  'does not respond in the handshake': socket => socket.write(hello),
  'sends something other than TLS': socket => socket.write(get),
  'keeps sending something other than TLS': socket => repeat(socket, get),
  'begins a handshake repeatedly': socket => repeat(socket, hello),
  'closes its side instead of a handshake': socket => socket.end(),
  'closes its side in the handshake': socket => socket.end(hello.subarray(0, 100)),
  'vanishes in the handshake': socket => {
    socket.write(hello)
    socket.resetAndDestroy()
  }
}

const openPlain = (port: number): Socket => connect({ port, host: '127.0.0.1', allowHalfOpen: true })

/** Opens a connection for each client. @returns the names of those that the server did not close in time */
async function stillOpen(
  t: Test,
  server: Server,
  peers: Readonly<Record<string, Peer>>,
  open = openPlain
): Promise<string[]> {
  const place = server.address()
  const port = typeof place === 'object' && place !== null ? place.port : 0
  const left = new Set<string>()
  const ended: Promise<unknown>[] = []
  for (const [name, behave] of Object.entries(peers)) {
    const accepted = once(server, 'connection')
    const client = open(port)
    client.on('error', () => undefined).resume()
    t.teardown(() => client.destroy())
    const [socket] = (await accepted) as [Socket]
    left.add(name)
    ended.push(once(socket, 'close').then(() => left.delete(name)))
    if ('encrypted' in client) client.once('secureConnect', () => behave(client))
    else behave(client)
  }
  await Promise.race([Promise.all(ended), new Promise(resolve => setTimeout(resolve, mostMs).unref())])
  return [...left]
}

async function listening<S extends Server>(t: Test, server: S): Promise<S> {
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return server
}

async function serve(t: Test): Promise<FastifyInstance> {
  const table = tableOf(exampleSettings)
  const { app } = serveApp(t, { table: { ...table, settings: { ...table.settings, limits } } })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return app
}

async function serveTls(t: Test, app: FastifyInstance): Promise<Server> {
  const certificate = certificateOf(t, issue('a.example', { hosts: ['a.example'] }))
  return await listening(t, createTlsListener(app, { certificatesAt: () => [certificate] }))
}

/** The admin service of an empty service. */
async function serveAdmin(t: Test): Promise<FastifyInstance> {
  const admin = createAdmin({
    metrics: { contentType: '', text: async () => '', ofProcess: async () => [] },
    readiness: [],
    reloader: { reload: async () => [], pendingRestart: [] },
    tlsAsk: { answer: async () => 'not-served' },
    portal: { source: { find: () => undefined }, sign: document => document },
    limitsOf: fixed(toLimits(limits))
  })
  t.teardown(() => admin.close())
  await admin.listen({ host: '127.0.0.1', port: 0 })
  return admin
}

t.test('connection states: every connection ends on every listener, for any behaviour of the client', async t => {
  // Why two: the plain server of the first one must not receive decrypted connections as well.
  const [app, behindTls, admin] = [await serve(t), await serve(t), await serveAdmin(t)]
  const tls = await serveTls(t, behindTls)
  const openTls = (port: number) => connectTls({ socket: openPlain(port), rejectUnauthorized: false })
  const [plain, handshake, secure, administration] = await Promise.all([
    stillOpen(t, app.server, peers),
    stillOpen(t, await serveTls(t, behindTls), handshakes),
    stillOpen(t, tls, peers, openTls),
    stillOpen(t, admin.server, peers)
  ])
  t.same({ plain, handshake, secure, administration }, { plain: [], handshake: [], secure: [], administration: [] })
  const counted = [app, behindTls, admin].map(({ listenerOptions }) => listenerOptions.gate.open)
  t.same(counted, [0, 0, 0], 'no connection is counted any more')
})
