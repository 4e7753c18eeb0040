import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createDrain, createRetire } from '../../src/serve/drain.ts'
import { openWire, type Wire } from '../support/http/wire.ts'
import { poxRequest } from '../support/pox-request.ts'
import { serveApp } from '../support/served-app.ts'

const body = poxRequest('jane@example.com')
const request = 'GET /robots.txt HTTP/1.1\r\nHost: example.com\r\n\r\n'
const head = `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: ${body.length}\r\n\r\n`

/** @returns the duration of a stop in milliseconds */
async function timed(stop: Promise<void>): Promise<number> {
  const started = performance.now()
  await stop
  return performance.now() - started
}

/** A request is answered, and its connection is closed after the response. */
async function answersLast(t: Test, wire: Wire): Promise<void> {
  wire.send(request)
  const { status, headers } = await wire.receive()
  t.same([status, headers.connection], [200, 'close'])
  t.equal(await wire.closed(), '')
}

t.test('drain: a request that was on its way is answered, and its connection is closed', async t => {
  const { app } = serveApp(t)
  const drain = createDrain(app, { graceMs: 1_000_000 })
  const silent = await openWire(t, app)
  const kept = await openWire(t, app)
  kept.send(`${head}${body}`)
  t.equal((await kept.receive()).headers.connection, 'keep-alive')
  const stopped = drain(1_000_000)
  await sleep(100)
  for (const wire of [kept, silent]) await answersLast(t, wire)
  await stopped
})

t.test('drain: once all connections are closed, it does not wait', async t => {
  const { app } = serveApp(t)
  const drain = createDrain(app, { graceMs: 1_000_000 })
  const gone = await openWire(t, app)
  const drained = drain(1_000_000)
  gone.hangUp()
  await drained
})

t.test('drain: idle connections are closed soon', async t => {
  const { app } = serveApp(t)
  const drain = createDrain(app)
  const silent = await openWire(t, app)
  const kept = await openWire(t, app)
  kept.send(`${head}${body}`)
  t.equal((await kept.receive()).status, 200)
  t.ok((await timed(drain(10_000))) < 2_000)
  t.equal(await silent.closed(), '')
  t.equal(await kept.closed(), '')
})

t.test('drain: a request in progress is answered, and then its connection is closed', async t => {
  const { app } = serveApp(t)
  const drain = createDrain(app)
  const wire = await openWire(t, app)
  const arrived = new Promise(resolve => app.server.once('request', resolve))
  wire.send(`${head}${body.slice(0, 100)}`)
  await arrived
  const stopped = timed(drain(10_000))
  await sleep(200)
  t.equal(app.server.listening, false)
  wire.send(body.slice(100))
  const { status, body: answer } = await wire.receive()
  t.equal(status, 200)
  t.match(answer, '<LoginName>jane@example.com</LoginName>')
  t.ok((await stopped) < 2_000, 'a keep-alive connection does not delay the stop')
  t.equal(await wire.closed(), '')
})

t.test('drain: pipelined requests are answered too', async t => {
  const { app } = serveApp(t)
  const drain = createDrain(app)
  const wire = await openWire(t, app)
  const arrived = new Promise(resolve => app.server.once('request', resolve))
  wire.send(head)
  await arrived
  const stopped = drain(10_000)
  await sleep(50)
  wire.send(`${body}GET /mail/config-v1.1.xml HTTP/1.1\r\nHost: example.com\r\n\r\n`)
  t.equal((await wire.receive()).status, 200)
  const second = await wire.receive()
  t.equal(second.status, 200)
  t.equal(second.headers.connection, 'close')
  await stopped
})

t.test('drain: a slow client is disconnected when the time is up', async t => {
  const { app } = serveApp(t)
  const drain = createDrain(app)
  const wire = await openWire(t, app)
  const arrived = new Promise(resolve => app.server.once('request', resolve))
  wire.send(head)
  await arrived
  const stopped = timed(drain(300))
  const dripping = setInterval(() => wire.send(' '), 50)
  t.teardown(() => clearInterval(dripping))
  const took = await stopped
  // Why so short: timers start at the last turn of the event loop, which may be long ago on a busy machine.
  t.ok(took >= 150 && took < 20_000, `${took} ms`)
})

const never = new AbortController().signal

t.test('retire: the next response on a connection is sent, and is the last one', async t => {
  const { app } = serveApp(t)
  const retire = createRetire(app.server)
  const kept = await openWire(t, app)
  const silent = await openWire(t, app)
  kept.send(request)
  t.equal((await kept.receive()).headers.connection, 'keep-alive')
  const left = retire(never)
  t.equal(app.server.listening, false)
  for (const wire of [kept, silent]) await answersLast(t, wire)
  await left
})

t.test('retire: silent connections are waited for until the signal, which does not close them', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  const end = new AbortController()
  const left = createRetire(app.server)(end.signal)
  end.abort()
  await left
  wire.send(request)
  t.equal((await wire.receive()).status, 200)
})

t.test('retire: a server that does not listen has no connections to wait for', async t => {
  const { app } = serveApp(t)
  await app.ready()
  await createRetire(app.server)(never)
})

t.test('retire: the response to a request with a chunked body is the last one, too', async t => {
  const { app } = serveApp(t)
  const retire = createRetire(app.server)
  const wire = await openWire(t, app)
  wire.send(request)
  await wire.receive()
  const left = retire(never)
  wire.send('POST /nowhere HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n')
  const { status, headers } = await wire.receive()
  t.same([status, headers.connection], [404, 'close'])
  await left
})
