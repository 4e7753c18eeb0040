import t from 'tap'
import { createLeave } from '../../src/serve/leave.ts'
import { openWire } from '../support/http/wire.ts'
import { serveApp } from '../support/served-app.ts'

const request = 'GET /robots.txt HTTP/1.1\r\nHost: example.com\r\n\r\n'
const never = new AbortController().signal

t.test('leave: the next answer on a connection is the last one, and is given', async t => {
  const { app } = serveApp(t)
  const leave = createLeave(app.server)
  const kept = await openWire(t, app)
  const silent = await openWire(t, app)
  kept.send(request)
  t.equal((await kept.receive()).headers.connection, 'keep-alive')
  const left = leave(never)
  t.equal(app.server.listening, false)
  for (const wire of [kept, silent]) {
    wire.send(request)
    const { status, headers } = await wire.receive()
    t.same([status, headers.connection], [200, 'close'])
    t.equal(await wire.closed(), '')
  }
  await left
})

t.test('leave: who says nothing is waited for until the signal, and not closed by it', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  const end = new AbortController()
  const left = createLeave(app.server)(end.signal)
  end.abort()
  await left
  wire.send(request)
  t.equal((await wire.receive()).status, 200)
})

t.test('leave: a server that does not listen has nobody to wait for', async t => {
  const { app } = serveApp(t)
  await app.ready()
  await createLeave(app.server)(never)
})

t.test('leave: the answer to a request with a body in chunks is the last one, too', async t => {
  const { app } = serveApp(t)
  const leave = createLeave(app.server)
  const wire = await openWire(t, app)
  wire.send(request)
  await wire.receive()
  const left = leave(never)
  wire.send('POST /nowhere HTTP/1.1\r\nHost: example.com\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n')
  const { status, headers } = await wire.receive()
  t.same([status, headers.connection], [404, 'close'])
  await left
})
