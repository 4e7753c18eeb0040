import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type FastifyInstance, fastify } from 'fastify'
import t from 'tap'
import { createApp } from '../../../src/app.ts'
import { createConnectionGate } from '../../../src/http/connections/connection-gate.ts'
import { createListener } from '../../../src/http/connections/listener.ts'
import { createTlsListener } from '../../../src/http/connections/tls-listener.ts'
import { createTally } from '../../../src/http/log/tally.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { createSource } from '../../../src/sources/source.ts'
import { fixed } from '../../support/fixed.ts'
import { openWire, type Wire } from '../../support/http/wire.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { tableOf } from '../../support/table-of.ts'

const get = 'GET /nowhere HTTP/1.1\r\nHost: example.com\r\n\r\n'
const post = 'POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\n'

/** @param limits in YAML */
const settingsWith = (limits: string) => `limits: { ${limits} }\n${exampleSettings.replace(/http:.*/, '')}`

/** @returns both ends of a connection: the service's and the client's */
async function open(t: Test, app: FastifyInstance): Promise<{ wire: Wire; socket: Socket }> {
  const accepted = once(app.server, 'connection')
  const wire = await openWire(t, app)
  const [socket] = await accepted
  return { wire, socket }
}

type Test = Parameters<typeof openWire>[0]

t.test('listener: uses the timeouts of the table', async t => {
  const times = 'headersSeconds: 3, requestSeconds: 4, idleSeconds: 5, keepAliveSeconds: 6, connections: 7'
  const { server } = serveApp(t, settingsWith(times)).app
  const { headersTimeout, requestTimeout, timeout, keepAliveTimeout, maxConnections } = server
  t.same([headersTimeout, requestTimeout, timeout, keepAliveTimeout, maxConnections], [3000, 4000, 5000, 6000, 7])
})

t.test('listener: a client that sends its request byte by byte is disconnected', async t => {
  const { app } = serveApp(t, settingsWith('headersSeconds: 1, requestSeconds: 2'))
  for (const [request, status, least, most] of [
    [`${get.slice(0, -2)}X: ${'x'.repeat(10_000)}`, 408, 1_000, 10_000],
    [`${post}Content-Length: 10000\r\n\r\n${'x'.repeat(10_000)}`, 408, 2_000, 10_000]
  ] as const) {
    const wire = await openWire(t, app)
    const started = performance.now()
    let at = request.includes('\r\n\r\n') ? request.indexOf('\r\n\r\n') + 4 : 0
    wire.send(request.slice(0, at))
    const sending = setInterval(() => wire.send(request.charAt(at++)), 20)
    const answer = await wire.receive()
    clearInterval(sending)
    const ms = performance.now() - started
    t.equal(answer.status, status)
    t.ok(ms >= least - 50 && ms < most, `${ms}`)
    await wire.closed()
  }
})

t.test('listener: clients that send nothing or read nothing are disconnected', async t => {
  const { app } = serveApp(t, settingsWith('headersSeconds: 1, idleSeconds: 1, keepAliveSeconds: 1'))
  const silent = await openWire(t, app)
  const kept = await openWire(t, app)
  kept.send(get)
  t.equal((await kept.receive()).status, 404)
  const { wire, socket } = await open(t, app)
  wire.stopReading()
  const closed = once(socket, 'close')
  wire.send(get.repeat(200_000))
  await Promise.all([closed, silent.closed(), kept.closed()])
  t.ok(socket.bytesWritten < 200_000 * 200)
})

t.test('listener: connections beyond the limit are closed, and accepted again when others have ended', async t => {
  const { app } = serveApp(t, settingsWith('connections: 2'))
  const [first, second] = [await open(t, app), await open(t, app)]
  const third = await openWire(t, app)
  t.equal(await third.closed(), '')
  const gone = once(first.socket, 'close')
  first.wire.hangUp()
  await gone
  const fourth = await openWire(t, app)
  for (const wire of [second.wire, fourth]) {
    wire.send(get)
    t.equal((await wire.receive()).status, 404)
  }
})

t.test('listener: an address has at most its share of connections', async t => {
  const limits = 'connectionsPerAddress: 2, rate: { allow: [192.0.2.1] }'
  const { app } = serveApp(t, settingsWith(limits))
  const [first, second] = [await open(t, app), await open(t, app)]
  const third = await openWire(t, app)
  t.equal(await third.closed(), '')
  for (const { wire, socket } of [first, second]) {
    const gone = once(socket, 'close')
    wire.hangUp()
    await gone
  }
  const fourth = await openWire(t, app)
  fourth.send(get)
  t.equal((await fourth.receive()).status, 404)
})

t.test('listener: 0 means no limit for each address, and private addresses have none', async t => {
  for (const limits of ['connectionsPerAddress: 0, rate: { allow: [192.0.2.1] }', 'connectionsPerAddress: 1']) {
    const { app } = serveApp(t, settingsWith(limits))
    const wires = [await openWire(t, app), await openWire(t, app), await openWire(t, app)]
    for (const wire of wires) {
      wire.send(get)
      t.equal((await wire.receive()).status, 404)
    }
  }
})

t.test('listener: headers over the limit get 431, and a body 413', async t => {
  const { app } = serveApp(t, settingsWith('headerBytes: 2048, bodyBytes: 1024'))
  for (const [request, status] of [
    [`${get.slice(0, -2)}X: ${'x'.repeat(1_900)}\r\n\r\n`, 404],
    [`${get.slice(0, -2)}X: ${'x'.repeat(2_100)}\r\n\r\n`, 431],
    [`${post}Content-Length: 1024\r\n\r\n${'x'.repeat(1_024)}`, 200],
    [`${post}Content-Length: 1025\r\n\r\n${'x'.repeat(1_025)}`, 413]
  ] as const) {
    const wire = await openWire(t, app)
    wire.send(request)
    const answer = await wire.receive()
    t.equal(answer.status, status)
    if (status === 413) t.equal(answer.body, 'The request body is longer than 1024 bytes. [AC_BODY_TOO_LARGE]\n')
  }
})

t.test('listener: reads all headers, however many there are', async t => {
  const { app } = serveApp(t, `limits: { rate: { requests: 1, seconds: 60 } }\n${exampleSettings}`)
  const flood = 'a:\r\n'.repeat(2_500)
  for (const status of [404, 429]) {
    const wire = await openWire(t, app)
    wire.send(`GET /nowhere HTTP/1.1\r\nHost: example.com\r\n${flood}X-Forwarded-For: 203.0.113.7\r\n\r\n`)
    t.equal((await wire.receive()).status, status)
  }
})

/** @returns a connection to a listener with the handler */
async function openTo(t: Test, handle: RequestListener): Promise<Socket> {
  const limits = toLimits()
  const server = createListener(handle, {
    limitsOf: fixed(limits),
    gate: createConnectionGate(fixed(limits), () => undefined)
  })
  t.teardown(() => server.close())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const place = server.address()
  const socket = connect(typeof place === 'object' && place !== null ? place.port : 0, '127.0.0.1')
  t.teardown(() => socket.destroy())
  return socket
}

t.test('listener: the number of simultaneous requests on a connection is limited', async t => {
  let handled = 0
  const socket = await openTo(t, () => void handled++)
  socket.write(get.repeat(100))
  t.equal(await text(socket), '')
  t.equal(handled, 65, 'the first one, and 64 that wait for its response')
})

t.test('listener: pipelined requests are answered in order', async t => {
  const answers: ServerResponse[] = []
  const socket = await openTo(t, (_request, response) => {
    answers.push(response)
    if (answers.length === 50) for (const [at, each] of [...answers.entries()].reverse()) each.end(`<${at}>`)
  })
  socket.write(`${get.repeat(49)}${get.replace('Host:', 'Connection: close\r\nHost:')}`)
  const order = [...(await text(socket)).matchAll(/<(\d+)>/g)].map(([, at]) => Number(at))
  t.same(
    order,
    Array.from({ length: 50 }, (_, at) => at)
  )
})

t.test('listener: invalid data after a request is refused after the response to that request', async t => {
  for (const [requests, unreadable] of [
    [1, 'nonsense\r\n\r\n'],
    [2, 'nonsense\r\n\r\n'],
    [1, `${post}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n`],
    [2, `${post}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n`]
  ] as const) {
    const socket = await openTo(t, (request, response) => {
      if (request.method === 'GET') setTimeout(() => response.end('<answer>'), 50)
    })
    socket.write(`${get.repeat(requests)}${unreadable}`)
    const answers = (await text(socket)).match(/<answer>|HTTP.1.1 400/g)
    t.same(answers, [...Array.from({ length: requests }, () => '<answer>'), 'HTTP/1.1 400'])
  }
})

t.test('listener: a request with a content type but no body is answered immediately', async t => {
  const limits = toLimits(undefined)
  const gate = createConnectionGate(fixed(limits), () => undefined)
  const app = fastify({ serverFactory: handle => createListener(handle, { limitsOf: fixed(limits), gate }) })
  app.post('/', async ({ body }) => ({ body }))
  t.teardown(() => app.close())
  const wire = await openWire(t, app)
  for (const [length, body] of [
    ['', '{}'],
    ['Content-Length: 2\r\n', '{"body":[]}']
  ] as const) {
    wire.send(`POST / HTTP/1.1\r\nHost: example.com\r\nContent-Type: application/json\r\n${length}\r\n`)
    if (length !== '') wire.send('[]')
    const answer = await wire.receive()
    t.same([answer.status, answer.body], [200, body])
  }
})

t.test('listener: connections that node refuses are counted, on each listener', async t => {
  const tally = createTally()
  const table = tableOf(settingsWith('connections: 1'))
  const app = createApp({ source: createSource({ table }), logger: silentLogger, tally })
  t.teardown(() => app.close())
  const wire = await openWire(t, app)
  wire.send(get)
  await wire.receive()
  t.same(tally.connections, { open: 1, refused: 0 })
  const refused = await openWire(t, app)
  t.equal(await refused.closed(), '')
  t.same(tally.connections, { open: 1, refused: 1 })

  const tls = createTlsListener(app, { certificatesAt: () => [] }).listen(0, '127.0.0.1')
  await once(tls, 'listening')
  t.teardown(() => tls.close())
  const { port } = tls.address() as AddressInfo
  for (const count of [2, 3]) {
    await once(connect(port, '127.0.0.1').resume(), 'close')
    t.same(tally.connections, { open: 1, refused: count })
  }
  t.equal(tls.emit('drop'), true)
  t.equal(tally.connections.refused, 4)
})
