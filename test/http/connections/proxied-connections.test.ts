import { once } from 'node:events'
import { type AddressInfo, connect, Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import t, { type Test } from 'tap'
import { createApp } from '../../../src/app.ts'
import { createConnectionGate } from '../../../src/http/connections/connection-gate.ts'
import { createAcceptProxied, setRemoteAddress } from '../../../src/http/connections/proxied-connections.ts'
import { createTlsListener } from '../../../src/http/connections/tls-listener.ts'
import { createLogger } from '../../../src/http/log/access-log.ts'
import { createTally } from '../../../src/http/log/tally.ts'
import { createDrain } from '../../../src/serve/drain.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { createSource } from '../../../src/sources/source.ts'
import { issue } from '../../support/certificates.ts'
import { certificateOf } from '../../support/http/certificate-of.ts'
import { addresses4, addresses6, binaryHeader, line4, tlv } from '../../support/http/proxy-headers.ts'
import { openWire } from '../../support/http/wire.ts'
import { matchLists } from '../../support/match-lists.ts'
import { exampleSettings } from '../../support/served-app.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { tableOf } from '../../support/table-of.ts'

const get = (more = '') => `GET /mail/config-v1.1.xml HTTP/1.1\r\nHost: autoconfig.example.com\r\n${more}\r\n`
const getOnce = get('Connection: close\r\n')

interface Line {
  readonly clientAddress?: string
  readonly status?: number
  readonly reason?: string
  readonly msg?: string
}

/** The service with `http.proxyProtocol`, on http and https, where 127.0.0.1 is the trusted proxy. */
async function serve(t: Test, limits = 'overload: { delayMilliseconds: 0 }', trustProxy = '127.0.0.1') {
  const http = `http: { trustProxy: [${trustProxy}], proxyProtocol: true, tls: { certificates: [{ certificate: a.pem, key: a.key }] } }`
  const text = `limits: { ${limits} }\nlog: { clientAddress: full }\n${exampleSettings.replace(/http:.*/, http)}`
  const table = tableOf(text)
  const tally = createTally()
  const lines: Line[] = []
  const logger = createLogger(table.settings.log, { write: line => void lines.push(JSON.parse(line)) })
  const app = createApp({ source: createSource({ table }), logger, tally })
  t.teardown(() => app.close())
  const issued = issue('a.example', { hosts: ['a.example'] })
  const certificate = certificateOf(t, issued)
  const tls = createTlsListener(app, { certificatesAt: () => [certificate] })
  t.teardown(() => tls.close())
  const drain = createDrain(app, { listeners: [tls] })
  await app.listen({ host: '127.0.0.1', port: 0 })
  await once(tls.listen(0, '127.0.0.1'), 'listening')
  const { port } = tls.address() as AddressInfo
  return {
    app,
    tally,
    lines,
    drain,
    addresses: () => lines.flatMap(({ clientAddress }) => clientAddress ?? []),
    open: () => openWire(t, app),
    /** @returns the response, read until the end */
    async ask(...pieces: readonly (string | Buffer)[]): Promise<string> {
      const wire = await openWire(t, app)
      for (const piece of pieces) wire.send(piece)
      return await wire.closed()
    },
    /** @returns the response to a request over TLS after a PROXY header */
    async askOverTls(header: Buffer, request = getOnce): Promise<string> {
      const socket = connect(port, '127.0.0.1')
      t.teardown(() => socket.destroy())
      socket.write(header)
      const secure = connectTls({ socket, ca: issued.pem, servername: 'a.example' })
      await once(secure, 'secureConnect')
      secure.write(request)
      let answer = ''
      for await (const chunk of secure.setEncoding('latin1')) answer += chunk
      return answer
    },
    /** Sends bytes to http or https. @returns the response, after the connection was closed */
    async refusal(scheme: 'http' | 'https', bytes: string | Buffer): Promise<string> {
      const [place] = app.addresses()
      const plain = typeof place === 'object' ? place.port : 0
      const socket = connect(scheme === 'http' ? plain : port, '127.0.0.1').setEncoding('latin1')
      t.teardown(() => socket.destroy())
      let answer = ''
      socket.on('data', text => {
        answer += text
      })
      // Why: unread bytes cause the service to reset the connection.
      socket.on('error', () => undefined)
      const closed = new Promise(resolve => socket.once('close', resolve))
      if (bytes.length > 0) socket.write(bytes)
      await closed
      return answer
    }
  }
}

const six = binaryHeader({ family: 0x21, block: addresses6([0x2001, 0xdb8, 0, 0, 0, 0, 0, 7]) })
const local = binaryHeader({ command: 0x20, family: 0x00 })

t.test('proxied: requests over http count for the client in the header', async t => {
  const { ask, addresses } = await serve(t)
  for (const header of [
    line4('203.0.113.7'),
    Buffer.from('PROXY TCP6 2001:db8::8 2001:db8::1 54321 80\r\n'),
    binaryHeader({ family: 0x11, block: Buffer.concat([addresses4('203.0.113.9'), tlv(4, 65_000)]) }),
    six
  ]) {
    t.match(
      await ask(Buffer.concat([header, Buffer.from(get() + getOnce)])),
      /^HTTP\/1\.1 200 OK[\s\S]*HTTP\/1\.1 200 OK/
    )
  }
  const clients = ['203.0.113.7', '2001:db8::8', '203.0.113.9', '2001:db8::7']
  t.same(
    addresses(),
    clients.flatMap(client => [client, client]),
    'also those of later requests'
  )
})

t.test('proxied: requests over https count for the client in the header, which precedes the handshake', async t => {
  const { askOverTls, addresses } = await serve(t)
  const answers = await Promise.all([line4('203.0.113.7'), six, local].map(header => askOverTls(header)))
  for (const answer of answers) t.match(answer, 'HTTP/1.1 200 OK')
  t.same(addresses().sort(), ['127.0.0.1', '2001:db8::7', '203.0.113.7'])
  // Why: over http, it is redirected.
  const path = getOnce.replace('/mail/config-v1.1.xml', '/autodiscover/autodiscover.xml')
  t.match(await askOverTls(six, path), 'HTTP/1.1 200 OK')
})

t.test('proxied: a header may arrive in any number of pieces, directly followed by the request', async t => {
  const { app, tally, addresses, open } = await serve(t)
  const headers = [line4('203.0.113.7'), binaryHeader({ family: 0x11, block: addresses4('203.0.113.7') }), six]
  const splits = headers.flatMap(header => {
    const bytes = Buffer.concat([header, Buffer.from(getOnce)])
    const ends = Array.from({ length: header.length + 2 }, (_, at) => at)
    const inTwo = ends.map(end => [bytes.subarray(0, end), bytes.subarray(end)])
    return [...inTwo, [...Array.from(header, byte => Buffer.from([byte])), Buffer.from(getOnce)]]
  })
  for (const pieces of splits) {
    const accepted = once(app.server, 'connection')
    const wire = await open()
    const [socket] = await accepted
    let sent = 0
    for (const piece of pieces) {
      wire.send(piece)
      sent += piece.length
      // Why: otherwise the system could deliver several pieces at once.
      while (socket.bytesRead < sent && !socket.destroyed) await new Promise(resolve => setImmediate(resolve))
    }
    t.match(await wire.closed(), /^HTTP\/1\.1 200 OK/)
  }
  t.equal(addresses().length, splits.length)
  t.same([...new Set(addresses())].sort(), ['2001:db8::7', '203.0.113.7'])
  t.equal(tally.connections.open, 0)
})

t.test('proxied: health checks and unknown clients keep the address of the proxy', async t => {
  const { ask, addresses } = await serve(t)
  for (const header of [local, 'PROXY UNKNOWN\r\n', binaryHeader({ family: 0x31, block: Buffer.alloc(216) })]) {
    t.match(await ask(header, getOnce), /^HTTP\/1\.1 200 OK/)
  }
  t.same(addresses(), ['127.0.0.1', '127.0.0.1', '127.0.0.1'])
})

t.test(
  'proxied: a connection without a header, or with an invalid one, is closed, counted, and logged once',
  async t => {
    const { refusal, tally, lines } = await serve(t)
    for (const times of [1, 2]) {
      t.equal(await refusal('http', getOnce), '')
      t.equal(await refusal('http', `PROXY TCP4 203.0.113.7 192.0.2.1 80\r\n${getOnce}`), '')
      t.equal(await refusal('https', Buffer.from('1603010200010001fc0303', 'hex')), '')
      t.same(tally.proxyRefusals, { untrusted: 0, missing: 2 * times, invalid: times, timeout: 0 })
    }
    t.same(
      lines.map(({ reason }) => reason),
      ['missing', 'invalid']
    )
    t.match(lines[0]?.msg, 'send-proxy-v2')
    t.equal(tally.connections.open, 0)
  }
)

t.test('proxied: a client cannot add a header', async t => {
  const { ask, addresses } = await serve(t)
  for (const own of [line4('198.51.100.99'), binaryHeader({ family: 0x11, block: addresses4('198.51.100.99') })]) {
    t.match(await ask(Buffer.concat([line4('203.0.113.7'), own, Buffer.from(getOnce)])), /^HTTP\/1\.1 400 /)
  }
  t.match(await ask(line4('203.0.113.7'), getOnce), /^HTTP\/1\.1 200 /)
  t.same(addresses(), ['203.0.113.7'])
})

t.test('proxied: a peer that is not a trusted proxy is refused, with or without a header', async t => {
  const { refusal, tally, lines } = await serve(t, undefined, '192.0.2.1')
  t.equal(await refusal('http', `PROXY TCP4 203.0.113.7 192.0.2.1 54321 80\r\n${getOnce}`), '')
  t.equal(await refusal('http', getOnce), '')
  t.equal(await refusal('https', line4('203.0.113.7')), '')
  t.equal(tally.proxyRefusals.untrusted, 3)
  matchLists(t, lines, [{ reason: 'untrusted', msg: /http\.trustProxy/ }])
})

t.test('proxied: a header that does not arrive within headersSeconds ends the connection', async t => {
  const { open, refusal, tally, lines } = await serve(t, 'headersSeconds: 1, overload: { delayMilliseconds: 0 }')
  const proxied = await open()
  proxied.send(line4('203.0.113.7'))
  proxied.send(get())
  t.equal((await proxied.receive()).status, 200)
  const started = performance.now()
  const skipping = binaryHeader({ family: 0x11, block: addresses4('203.0.113.7'), length: 65_535 })
  await Promise.all([
    refusal('http', ''),
    refusal('http', 'PROXY TCP4 203.0'),
    refusal('http', skipping),
    refusal('https', '')
  ])
  t.ok(performance.now() - started > 950)
  t.equal(tally.proxyRefusals.timeout, 4)
  proxied.send(get())
  t.equal((await proxied.receive()).status, 200, 'a connection with a complete header continues')
  t.same(
    lines.flatMap(({ reason }) => reason ?? []),
    ['timeout']
  )
})

t.test('proxied: a peer that disconnects before its header is complete is not reported', async t => {
  const { app, open, tally, lines } = await serve(t)
  for (const sent of ['', 'PROXY TCP4']) {
    const accepted = once(app.server, 'connection')
    const wire = await open()
    const [socket] = await accepted
    const closed = once(socket, 'close')
    wire.send(sent)
    wire.hangUp()
    await closed
  }
  const reset = once(app.server, 'connection')
  await open()
  const [socket] = await reset
  socket.emit('error', new Error('ECONNRESET'))
  await once(socket, 'close')
  t.same(lines, [])
  t.same(tally.proxyRefusals, { untrusted: 0, missing: 0, invalid: 0, timeout: 0 })
  t.equal(tally.connections.open, 0)
})

t.test('proxied: a proxy that sends no headers has at most limits.connections', async t => {
  const { app, open, refusal, tally } = await serve(t, 'connections: 3')
  const sockets: Socket[] = []
  app.server.on('connection', socket => sockets.push(socket))
  const wires = [await open(), await open(), await open()]
  const fourth = await open()
  t.equal(await fourth.closed(), '')
  t.equal(await refusal('https', ''), '', 'the other listener accepts no more connections either')
  t.same(tally.connections, { open: 3, refused: 2 })
  for (const wire of wires) wire.hangUp()
  await Promise.all(sockets.map(socket => socket.closed || once(socket, 'close')))
  t.equal(tally.connections.open, 0)
})

t.test('proxied: connections are limited for each client in the headers, and for its network', async t => {
  const { open, tally } = await serve(t, 'connectionsPerAddress: 2')
  const openFrom = async (source: string) => {
    const wire = await open()
    wire.send(Buffer.concat([line4(source), Buffer.from(get())]))
    return wire
  }
  const wires = [await openFrom('203.0.113.7'), await openFrom('203.0.113.7')]
  for (const wire of wires) t.equal((await wire.receive()).status, 200)
  t.equal(await (await openFrom('203.0.113.7')).closed(), '')
  for (let count = 0; count < 2; count++)
    t.equal((await (await openFrom(`203.0.113.${20 + count}`)).receive()).status, 200)
  t.equal(await (await openFrom('203.0.113.30')).closed(), '', 'the /24 has twice as many')
  t.equal((await (await openFrom('198.51.100.7')).receive()).status, 200)
  t.same(tally.connections, { open: 5, refused: 2 })
})

t.test('proxied: requests are limited for each client in the headers', async t => {
  const { ask } = await serve(t, 'rate: { requests: 2, seconds: 60 }, overload: { delayMilliseconds: 0 }')
  const statusFor = async (header: Buffer) => Number((await ask(header, getOnce)).slice(9, 12))
  const client = line4('203.0.113.7')
  t.same([await statusFor(client), await statusFor(client), await statusFor(client)], [200, 200, 429])
  t.equal(await statusFor(line4('198.51.100.7')), 200)
  t.equal(await statusFor(local), 200)
  t.equal(await statusFor(local), 200)
  t.equal(await statusFor(local), 200, 'the proxy itself is not limited')
})

t.test('proxied: X-Forwarded headers count only if the client in the header is a trusted proxy, too', async t => {
  const { ask, addresses } = await serve(t, undefined, '127.0.0.1, 192.0.2.53')
  const forged = get('X-Forwarded-For: 198.51.100.99\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n')
  const path = forged.replace('/mail/config-v1.1.xml', '/autodiscover/autodiscover.xml')
  t.match(await ask(line4('203.0.113.7'), path), /^HTTP\/1\.1 302 /)
  t.match(await ask(line4('192.0.2.53'), path), /^HTTP\/1\.1 200 /, 'a second proxy in front of the first one')
  t.match(await ask(local, path), /^HTTP\/1\.1 200 /, 'the proxy itself')
  t.same(addresses(), ['203.0.113.7', '198.51.100.99', '198.51.100.99'])
})

t.test('proxied: when the service stops, connections with only a header are closed immediately', async t => {
  const { app, open, drain } = await serve(t)
  const accepted = once(app.server, 'connection')
  const wire = await open()
  const [socket] = await accepted
  wire.send(line4('203.0.113.7'))
  await once(socket, 'resume')
  const started = performance.now()
  await drain(60_000)
  t.equal(await wire.closed(), '')
  t.ok(performance.now() - started < 30_000)
})

t.test('proxied: a connection that is closed before it is accepted is not counted', t => {
  const limitsOf = () => toLimits()
  const gate = createConnectionGate(limitsOf, () => undefined)
  const accept = createAcceptProxied({ limitsOf, gate, trusts: () => true, logger: silentLogger })
  const socket = new Socket()
  accept(socket, () => t.fail('accepted'))
  t.equal(socket.destroyed, true)
  t.equal(gate.open, 0)
  t.end()
})

t.test('proxied: without metrics, a refused connection is only logged', t => {
  const limitsOf = () => toLimits()
  const lines: unknown[] = []
  const logger = { warn: (fields: object) => void lines.push(fields) }
  const gate = createConnectionGate(limitsOf, () => undefined)
  const accept = createAcceptProxied({ limitsOf, gate, trusts: () => false, logger })
  const socket = new Socket()
  setRemoteAddress(socket, '192.0.2.1')
  accept(socket, () => t.fail('accepted'))
  t.equal(socket.destroyed, true)
  t.same(lines, [{ reason: 'untrusted' }])
  t.end()
})
