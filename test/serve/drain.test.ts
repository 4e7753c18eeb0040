import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createDrain } from '../../src/serve/drain.ts'
import { openWire } from '../support/http/wire.ts'
import { poxRequest } from '../support/pox-request.ts'
import { serveApp } from '../support/served-app.ts'

const body = poxRequest('jane@example.com')
const head = `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: ${body.length}\r\n\r\n`

/** @returns how many milliseconds a stop took */
async function timed(stop: Promise<void>): Promise<number> {
  const started = performance.now()
  await stop
  return performance.now() - started
}

t.test('drain: idle connections are closed at once', async t => {
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

t.test('drain: who is being answered gets his answer, and then no other connection', async t => {
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
  t.ok((await stopped) < 2_000, 'a connection that would be kept alive does not hold the stop')
  t.equal(await wire.closed(), '')
})

t.test('drain: requests that were sent behind it are answered too', async t => {
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

t.test('drain: a slow client is cut off when the time is up', async t => {
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
  t.ok(took >= 290 && took < 2_000, `${took} ms`)
})
