import { once } from 'node:events'
import { type AddressInfo, connect as connectPlain, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect } from 'node:tls'
import t, { type Test } from 'tap'
import { createTlsListener } from '../../../src/http/connections/tls-listener.ts'
import { createDrain } from '../../../src/serve/drain.ts'
import { fetchChallengeCertificate } from '../../support/acme/validate-over-tls.ts'
import { issue, rsaKey } from '../../support/certificates.ts'
import { failure } from '../../support/failure.ts'
import { certificateOf } from '../../support/http/certificate-of.ts'
import { helloOf, inRecords } from '../../support/http/client-hello.ts'
import { line4 } from '../../support/http/proxy-headers.ts'
import { calm, exampleSettings, serveApp } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const settings = exampleSettings.replace(
  'http: {',
  'http: { tls: { certificates: [{ certificate: a.pem, key: a.key }] },'
)

// Why RSA: the certificate of the challenge then has a key of another type than the ordinary one.
const ordinary = issue('ordinary', { hosts: ['a.example'], key: rsaKey() })
const challenge = issue('challenge', { hosts: ['a.example'] })

/** The app on https, with a pending challenge for a.example. */
async function serve(t: Test, { text = settings, isPending = true } = {}) {
  const source = { table: tableOf(calm(text)) }
  const { app } = serveApp(t, source)
  const [certificate, proof] = [certificateOf(t, ordinary), certificateOf(t, challenge)]
  const pending = new Map(isPending ? [['a.example', proof]] : [])
  const lookedUp: string[] = []
  const obtained: string[] = []
  const listener = createTlsListener(
    app,
    { certificatesAt: () => [certificate] },
    {
      automatic: {
        held: () => undefined,
        async obtain(name) {
          obtained.push(name)
          return undefined
        },
        standard: undefined
      },
      async tlsChallengeOf(name) {
        lookedUp.push(name)
        return pending.get(name)
      }
    }
  )
  t.teardown(() => listener.close())
  /** Connections that HTTP has seen. */
  const seen: Socket[] = []
  app.server.on('connection', socket => seen.push(socket))
  const drain = createDrain(app, { listeners: [listener] })
  await app.listen({ host: '127.0.0.1', port: 0 })
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const { port } = listener.address() as AddressInfo
  return {
    app,
    port,
    drain,
    pending,
    lookedUp,
    obtained,
    seen,
    change(text: string) {
      source.table = tableOf(calm(text))
    },
    async open(options: ConnectionOptions = {}) {
      const socket = connect({
        port,
        host: '127.0.0.1',
        servername: 'a.example',
        rejectUnauthorized: false,
        ...options
      })
      t.teardown(() => socket.destroy())
      await once(socket, 'secureConnect')
      return socket
    },
    openPlain() {
      // Why: the service resets a connection if it has not read everything.
      const socket = connectPlain(port, '127.0.0.1').on('error', () => undefined)
      t.teardown(() => socket.destroy())
      return socket
    }
  }
}

const getOnce = 'GET /nowhere HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n'
const noProtocol = { code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' }

/** @returns when it is closed, with or without an error */
function closing(socket: Socket): Promise<unknown> {
  return new Promise(resolve => socket.resume().once('close', resolve))
}

async function untilClosed(gate: { readonly open: number }): Promise<void> {
  while (gate.open > 0) await new Promise(resolve => setTimeout(resolve, 5))
}

t.test(
  'tls challenges: a client that offers acme-tls/1 gets the certificate of the challenge, and no more',
  async t => {
    const { app, port, seen, obtained } = await serve(t)
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const versions = { minVersion: version, maxVersion: version }
      const certificate = await fetchChallengeCertificate('a.example', { port, ...versions })
      t.equal(certificate.subject, 'CN=challenge', version)
    }
    await untilClosed(app.listenerOptions.gate)
    t.same([seen, obtained], [[], []], 'neither HTTP nor an order knows of it')
  }
)

t.test('tls challenges: HTTP sees no byte of a connection for a challenge', async t => {
  const { app, open, seen } = await serve(t)
  const socket = await open({ ALPNProtocols: ['acme-tls/1'] })
  // Why: the service may have closed the connection already.
  socket.on('error', () => undefined)
  const closed = closing(socket)
  socket.write(getOnce)
  let received = ''
  socket.on('data', chunk => {
    received += chunk
  })
  await closed
  t.equal(received, '')
  await untilClosed(app.listenerOptions.gate)
  t.same(seen, [])
})

t.test('tls challenges: all other clients of the name get the ordinary certificate meanwhile, and HTTP', async t => {
  const { open, lookedUp } = await serve(t)
  for (const [ALPNProtocols, negotiated] of [
    [undefined, false],
    [['http/1.1'], 'http/1.1'],
    [['h2', 'http/1.1'], 'http/1.1'],
    [['acme-tls/1', 'http/1.1'], 'http/1.1'],
    [['http/1.1', 'acme-tls/1'], 'http/1.1']
  ] as const) {
    const socket = await open(ALPNProtocols ? { ALPNProtocols: [...ALPNProtocols] } : {})
    t.equal(socket.getPeerCertificate().subject.CN, 'ordinary')
    t.equal(socket.alpnProtocol, negotiated)
    socket.write(getOnce)
    t.match(await text(socket), /^HTTP\/1\.1 404 /)
  }
  for (const ALPNProtocols of [['h2'], ['h2', 'acme-tls/1'], ['acme-tls/2']]) {
    t.match(await failure(open({ ALPNProtocols })), noProtocol)
  }
  t.same(lookedUp, [])
})

t.test('tls challenges: without a challenge for the name the handshake fails, and nothing is ordered', async t => {
  const { app, open, openPlain, pending, lookedUp, obtained, seen } = await serve(t)
  const offer = { ALPNProtocols: ['acme-tls/1'] }
  for (const servername of ['b.example', 'x.a.example', '']) {
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      t.match(await failure(open({ ...offer, servername, maxVersion })), /alert handshake failure/, servername)
    }
  }
  pending.clear()
  t.match(await failure(open(offer)), /alert handshake failure/, 'after the end of the challenge')
  // Why: this client does not close the connection itself.
  const staying = openPlain()
  staying.write(await helloOf({ ...offer, servername: 'b.example' }))
  await closing(staying)
  await untilClosed(app.listenerOptions.gate)
  t.same(lookedUp, ['b.example', 'b.example', 'x.a.example', 'x.a.example', 'a.example', 'b.example'])
  t.same([obtained, seen], [[], []])
})

t.test('tls challenges: the first message may arrive in any number of pieces', async t => {
  const { lookedUp, openPlain, open } = await serve(t)
  const hello = await helloOf({ ALPNProtocols: ['acme-tls/1'], servername: 'a.example' })
  for (const ends of [[1], [4, 5, 6], [hello.length - 1], Array.from(hello, (_, at) => at)]) {
    const socket = openPlain()
    let from = 0
    for (const end of [...ends, hello.length]) {
      socket.write(hello.subarray(from, end))
      from = end
      // Why: otherwise the system could deliver several pieces at once.
      await new Promise(resolve => setImmediate(resolve))
    }
    const [answer] = await once(socket, 'data')
    t.equal(answer[0], 22, 'a handshake')
    socket.destroy()
  }
  t.equal(lookedUp.length, 4)
  // Why: a message in several records is read by TLS alone, which knows no challenges.
  const socket = openPlain()
  socket.write(inRecords(hello, 50))
  const [answer] = await once(socket, 'data')
  t.same([answer[0], answer.at(-1)], [21, 120], 'the alert no_application_protocol')
  t.equal(lookedUp.length, 4)
  t.equal((await open()).getPeerCertificate().subject.CN, 'ordinary')
})

t.test('tls challenges: anything but TLS is closed, as without challenges', async t => {
  const { app, openPlain, seen } = await serve(t)
  for (const bytes of [
    'GET / HTTP/1.1\r\n\r\n',
    '\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00',
    '\x16\xff\xff\xff\xff\xff'
  ]) {
    const socket = openPlain()
    socket.write(bytes, 'latin1')
    await closing(socket)
  }
  const gone = openPlain()
  gone.end('\x16\x03', 'latin1')
  await closing(gone)
  const reset = openPlain()
  await once(reset, 'connect')
  reset.resetAndDestroy()
  await untilClosed(app.listenerOptions.gate)
  t.same(seen, [])
})

t.test(
  'tls challenges: a client that does not complete its first message, or the handshake, is closed after headersSeconds',
  async t => {
    const { app, openPlain, change } = await serve(t)
    change(`limits: { headersSeconds: 1, overload: { delayMilliseconds: 0 } }\n${settings}`)
    const started = performance.now()
    const [silent, partial, handshaking] = [openPlain(), openPlain(), openPlain()]
    partial.write('\x16\x03\x01', 'latin1')
    handshaking.write(await helloOf({ ALPNProtocols: ['acme-tls/1'] }))
    await Promise.all([closing(silent), closing(partial), closing(handshaking)])
    t.ok(performance.now() - started > 900)
    await untilClosed(app.listenerOptions.gate)
  }
)

t.test('tls challenges: connections count for their address, and those beyond the limit are not read', async t => {
  const limited = settings
    .replace(/trustProxy: \[.*?\]/, '')
    .replace('providers:', 'limits: { connectionsPerAddress: 2, rate: { allow: [192.0.2.1] } }\nproviders:')
  const { app, port, lookedUp, openPlain } = await serve(t, { text: limited })
  const silent = [openPlain(), openPlain()]
  await Promise.all(silent.map(socket => once(socket, 'connect')))
  await t.rejects(fetchChallengeCertificate('a.example', { port }))
  t.same(lookedUp, [])
  for (const socket of silent) socket.destroy()
  await untilClosed(app.listenerOptions.gate)
  t.equal((await fetchChallengeCertificate('a.example', { port })).subject, 'CN=challenge')
})

t.test('tls challenges: a stop disconnects clients that have not sent a complete message', async t => {
  const { drain, openPlain, open } = await serve(t)
  const partial = openPlain()
  partial.write('\x16\x03\x01', 'latin1')
  const silent = openPlain()
  await open()
  const ended = Promise.all([partial, silent].map(closing))
  await drain(100)
  await ended
})

t.test('tls challenges: behind a proxy, they come after the PROXY protocol header', async t => {
  const proxied = settings.replace(/trustProxy: \[.*?\]/, 'trustProxy: [127.0.0.1], proxyProtocol: true')
  const { port, lookedUp, open, openPlain } = await serve(t, { text: proxied })
  const openProxied = () => {
    const socket = openPlain()
    socket.write(line4('203.0.113.7'))
    return socket
  }
  const certificate = await fetchChallengeCertificate('a.example', { socket: openProxied() })
  t.equal(certificate.subject, 'CN=challenge')
  t.same(lookedUp, ['a.example'])
  const socket = await open({ socket: openProxied() })
  socket.write(getOnce)
  t.match(await text(socket), /^HTTP\/1\.1 404 /)
  await t.rejects(fetchChallengeCertificate('a.example', { port }), 'without a header')
})
