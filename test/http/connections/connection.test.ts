/**
 * Sequences of requests, bodies and invalid data on one connection.
 */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import t from 'tap'
import { openWire } from '../../support/http/wire.ts'
import { poxRequest } from '../../support/pox-request.ts'
import { serveApp } from '../../support/served-app.ts'

const path = '/autodiscover/autodiscover.xml'
const crlf = '\r\n'

/** A request with its length, or with other headers. */
function post(body: string | Buffer, headers = `Content-Length: ${Buffer.byteLength(body)}`): Buffer {
  const head = [`POST ${path} HTTP/1.1`, 'Host: autodiscover.example.com', headers, '', ''].join(crlf)
  return Buffer.concat([Buffer.from(head), Buffer.from(body)])
}

function get(target: string, host = 'autoconfig.example.com'): string {
  return [`GET ${target} HTTP/1.1`, `Host: ${host}`, '', ''].join(crlf)
}

t.test('connection: two requests with bodies sent at once get two responses', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  wire.send(Buffer.concat(['ann', 'bob', 'cyd'].map(name => post(poxRequest(`${name}@example.com`)))))
  for (const name of ['ann', 'bob', 'cyd']) {
    const { status, body } = await wire.receive()
    t.equal(status, 200)
    t.match(body, `<LoginName>${name}@example.com</LoginName>`)
  }
})

t.test('connection: serves the next request after every kind of response', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  for (const [status, request, head] of [
    [200, get('/mail/config-v1.1.xml')],
    [200, get('/mail/config-v1.1.xml').replace('GET', 'HEAD'), 'head'],
    [204, get('/mail/config-v1.1.xml').replace('GET', 'OPTIONS')],
    [200, post('no xml')],
    [200, post('')],
    [200, post(poxRequest('jane@example.com'))],
    [404, post(poxRequest('jane@other.example')).toString().replace('autodiscover.example.com', 'other.example')],
    [404, get('/nowhere')],
    [404, get('/%zz')],
    [405, get('/mail/config-v1.1.xml').replace('GET', 'DELETE')],
    [405, post('body').toString().replace(path, '/mail/config-v1.1.xml')],
    [302, get(path).replace(crlf, `${crlf}X-Forwarded-Proto: http${crlf}`)],
    [400, get('/email.mobileconfig')],
    [405, get('/mail/config-v1.1.xml').replace('GET', 'QUERY')],
    [200, get('/email.mobileconfig?email=jane@example.com')],
    // Unexpected bodies are skipped.
    [200, `${get('/mail/config-v1.1.xml').trimEnd()}${crlf}Content-Length: 4${crlf}${crlf}body`]
  ] as const) {
    wire.send(request)
    t.equal((await wire.receive(head)).status, status)
  }
})

t.test('connection: a response that does not wait for a long body is the last one', async t => {
  const { app } = serveApp(t)
  const big = 'x'.repeat(40_000)
  const chunked = `9c40${crlf}${big}${crlf}0${crlf}${crlf}`
  for (const [status, request] of [
    [413, post(big)],
    [413, post(chunked, 'Transfer-Encoding: chunked')],
    [413, post(big).toString().replace(path, '/nowhere')],
    [200, `${get('/mail/config-v1.1.xml').trimEnd()}${crlf}Content-Length: 40000${crlf}${crlf}${big}`],
    [200, `${get('/mail/config-v1.1.xml').trimEnd()}${crlf}Transfer-Encoding: chunked${crlf}${crlf}${chunked}`],
    [404, `${get('/%zz').trimEnd()}${crlf}Transfer-Encoding: chunked${crlf}${crlf}${chunked}`]
  ] as const) {
    const wire = await openWire(t, app)
    wire.send(request)
    wire.send(get('/nowhere'))
    const answer = await wire.receive()
    t.same([answer.status, answer.headers.connection], [status, 'close'])
    t.equal(await wire.closed(), '', 'the next request gets no response')
  }
})

t.test('connection: only a small part of an unwanted body is read', async t => {
  const { app } = serveApp(t)
  for (const head of [
    post('', 'Content-Length: 9000000000'),
    post('', `Content-Length: 9000000000${crlf}Expect: 100-continue`),
    post('', `Content-Length: 9000000000${crlf}Expect: something else`),
    `GET / HTTP/1.1${crlf}Host: example.com${crlf}Transfer-Encoding: chunked${crlf}${crlf}fffffff${crlf}`
  ]) {
    const accepted = once(app.server, 'connection')
    const wire = await openWire(t, app)
    const [socket] = (await accepted) as [Socket]
    const closed = once(socket, 'close')
    wire.send(head)
    t.not((await wire.receive()).status, 100)
    wire.stopReading()
    const sending = setInterval(() => wire.send(Buffer.alloc(1_000_000)), 1)
    await closed
    clearInterval(sending)
    t.ok(socket.bytesRead < 2_000_000, `${socket.bytesRead}`)
  }
})

t.test('connection: answers 413 before the body has arrived', async t => {
  const { app } = serveApp(t)
  const declared = await openWire(t, app)
  declared.send(post('', 'Content-Length: 1000000000'))
  const early = await declared.receive()
  t.equal(early.status, 413)
  t.equal(early.headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(early.body, 'The request body is longer than 16384 bytes. [AC_BODY_TOO_LARGE]\n')

  const chunked = await openWire(t, app)
  chunked.send(post(`4001${crlf}${'x'.repeat(0x4001)}`, 'Transfer-Encoding: chunked'))
  t.equal((await chunked.receive()).status, 413)
})

t.test('connection: accepts a body of exactly the limit', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  const request = poxRequest('jane@example.com')
  wire.send(post(request + ' '.repeat(16_384 - request.length)))
  t.match((await wire.receive()).body, 'jane@example.com')
  wire.send(post(request + ' '.repeat(16_385 - request.length)))
  t.equal((await wire.receive()).status, 413)
})

t.test('connection: accepts a body in chunks and byte by byte', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  const body = poxRequest('jane@example.com')
  const chunks = [body.slice(0, 100), body.slice(100)].map(part => `${part.length.toString(16)}${crlf}${part}${crlf}`)
  wire.send(post(`${chunks.join('')}0${crlf}Trailer-Field: x${crlf}${crlf}`, 'Transfer-Encoding: chunked'))
  t.match((await wire.receive()).body, 'jane@example.com')
  for (const byte of post(body)) wire.send(Buffer.of(byte))
  t.match((await wire.receive()).body, 'jane@example.com')
})

t.test('connection: sends 100 Continue if the client expects it', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  const body = poxRequest('jane@example.com')
  wire.send(post('', `Content-Length: ${body.length}${crlf}Expect: 100-continue`))
  t.equal((await wire.receive()).status, 100)
  wire.send(body)
  t.match((await wire.receive()).body, 'jane@example.com')
})

t.test('connection: invalid HTTP gets 400, and the connection is closed', async t => {
  const { app, readLog } = serveApp(t)
  for (const request of [
    `nonsense${crlf}${crlf}`,
    `BREW /pot HTTP/1.1${crlf}Host: example.com${crlf}${crlf}`,
    `GET /a path HTTP/1.1${crlf}Host: example.com${crlf}${crlf}`,
    `GET / HTTP/1.1${crlf}Host: example.com${crlf}No colon${crlf}${crlf}`,
    `GET / HTTP/1.1${crlf}Host: example.com${crlf}A: b\0c${crlf}${crlf}`,
    // Spec: RFC 9112 6.3: a request with both lengths may smuggle another request past a proxy.
    post(`0${crlf}${crlf}`, `Content-Length: 5${crlf}Transfer-Encoding: chunked`),
    post('x', `Content-Length: 1${crlf}Content-Length: 2`),
    post('x', `Content-Length: 1${crlf}Content-Length: 1`),
    post('x', 'Content-Length: 1, 1'),
    post(`0${crlf}${crlf}`, 'Transfer-Encoding: chunked, identity'),
    post(`0${crlf}${crlf}`, `Transfer-Encoding: chunked${crlf}Transfer-Encoding: chunked`),
    post(`0${crlf}${crlf}`, 'Transfer-Encoding : chunked'),
    post(`0${crlf}${crlf}`, 'Transfer-Encoding: chunked').toString().replace('HTTP/1.1', 'HTTP/1.0'),
    // Spec: RFC 9112 3.2: no Host header, more than one, or an invalid one.
    ...['', 'user@example.com', 'example.com/path', 'example.com, example.com', 'exa mple.com', 'example.com#'].map(
      host => get('/', host).replace(`Host: ${crlf}`, '')
    ),
    get('/', `example.com${crlf}Host: example.com`),
    get('/', `example.com${crlf}hOST: other.example`),
    ...['http://user@example.com/', 'http:///', 'HTTPS://user:password@example.com?a'].map(target => get(target)),
    // Why this: HTTP/0.9 has no version.
    `GET /mail/config-v1.1.xml${crlf}${crlf}`,
    post('x', 'Content-Length: -1'),
    post('not a size', 'Transfer-Encoding: chunked'),
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'
  ]) {
    const wire = await openWire(t, app)
    wire.send(request)
    const { status, headers, body } = await wire.receive()
    t.equal(status, 400, JSON.stringify(request.toString()))
    t.equal(headers.connection, 'close')
    t.equal(body, '')
    t.equal(await wire.closed(), '', JSON.stringify(request.toString()))
  }
  t.notMatch(readLog(), 'failed')
  const wire = await openWire(t, app)
  wire.send(get('/').replace('HTTP/1.1', 'HTTP/2.0'))
  t.equal((await wire.receive()).status, 505)
})

t.test('connection: a flood of headers gets 431 or is skipped, never 5xx', async t => {
  const { app } = serveApp(t)
  const flood = (count: number, length: number) => {
    const fields = Array.from({ length: count }, (_, at) => `X-${at}: ${'x'.repeat(length)}${crlf}`)
    return get('/mail/config-v1.1.xml').replace(/\r\n$/, `${fields.join('')}${crlf}`)
  }
  for (const [request, status] of [
    [flood(100, 10), 200],
    [flood(1, 8_000), 200],
    [flood(1, 20_000), 431],
    [flood(5_000, 10), 431],
    [get(`/mail/config-v1.1.xml?${'x'.repeat(8_000)}`), 200],
    [get(`/mail/config-v1.1.xml?${'x'.repeat(20_000)}`), 431]
  ] as const) {
    const wire = await openWire(t, app)
    wire.send(request)
    t.equal((await wire.receive()).status, status)
  }
})

t.test('connection: clients that send too slowly are disconnected', async t => {
  const { app } = serveApp(t)
  const { requestTimeout, headersTimeout } = app.server
  // Why both: if they differ, node applies the longer one to bodies.
  t.same({ requestTimeout, headersTimeout }, { requestTimeout: 10_000, headersTimeout: 10_000 })
  app.server.requestTimeout = 300
  app.server.headersTimeout = 300
  const started = performance.now()
  const wires = await Promise.all(
    ['GET / HTTP/1.1\r\nHost: exa', post('', 'Content-Length: 400'), post('', 'Content-Length: 400000')].map(
      async part => {
        const wire = await openWire(t, app)
        wire.send(part)
        return wire
      }
    )
  )
  const [header, body, tooLarge] = await Promise.all(wires.map(wire => wire.receive()))
  t.equal(header?.status, 408)
  t.equal(body?.status, 408)
  t.equal(tooLarge?.status, 413)
  await Promise.all(wires.map(wire => wire.closed()))
  t.ok(performance.now() - started < 3_000)
})

t.test('connection: a client that disconnects in the middle of a body leaves one line in the log', async t => {
  const { app, readLog } = serveApp(t)
  const wire = await openWire(t, app)
  wire.send(post('half', 'Content-Length: 400'))
  await new Promise<void>(resolve => app.server.once('request', () => resolve()))
  wire.hangUp()
  let log = ''
  while (log === '') {
    await new Promise(resolve => setTimeout(resolve, 5))
    log = readLog()
  }
  t.match(log, '"outcome":"refused"')
  t.equal(log.trimEnd().split('\n').length, 1)
})
