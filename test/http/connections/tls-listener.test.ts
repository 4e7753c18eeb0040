import { once } from 'node:events'
import { connect as connectPlain } from 'node:net'
import { text } from 'node:stream/consumers'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { type AutomaticCertificates, createTlsListener } from '../../../src/http/connections/tls-listener.ts'
import { createDrain } from '../../../src/serve/drain.ts'
import { type Issued, type IssueOptions, issue, rsaKey } from '../../support/certificates.ts'
import { certificateOf } from '../../support/http/certificate-of.ts'
import { poxRequest } from '../../support/pox-request.ts'
import { calm, exampleSettings, serveApp } from '../../support/served-app.ts'
import { tableOf } from '../../support/table-of.ts'

const root = issue('Test Root', { ca: true })
const below = (name: string, options: IssueOptions = {}) => issue(name, { issuer: root, hosts: [name], ...options })

const settings = exampleSettings.replace(
  'http: {',
  'http: { tls: { certificates: [{ certificate: a.pem, key: a.key }] },'
)

/** The app on http and https. */
async function serve(t: Test, ...first: readonly Issued[]) {
  return await serveWith(t, settings, ...first)
}

async function serveWith(t: Test, settings: string, ...first: readonly Issued[]) {
  return await serveAutomatic(t, { settings, automatic: undefined }, ...first)
}

interface AutomaticOptions {
  readonly settings: string
  readonly automatic: AutomaticCertificates | undefined
}

async function serveAutomatic(t: Test, { settings, automatic }: AutomaticOptions, ...first: readonly Issued[]) {
  const source = { table: tableOf(calm(settings)) }
  const { app } = serveApp(t, source)
  let certificates = first.map(issued => certificateOf(t, issued))
  const listener = createTlsListener(app, { certificatesAt: () => certificates }, { automatic })
  t.teardown(() => listener.close())
  const drain = createDrain(app, { listeners: [listener] })
  await app.listen({ host: '127.0.0.1', port: 0 })
  await once(listener.listen(0, '127.0.0.1'), 'listening')
  const place = listener.address()
  const port = typeof place === 'object' && place !== null ? place.port : 0
  return {
    app,
    port,
    drain,
    change: (settings: string) => {
      source.table = tableOf(settings)
    },
    renew: (...next: readonly Issued[]) => {
      certificates = next.map(issued => certificateOf(t, issued))
    },
    async open(options: ConnectionOptions = {}): Promise<TLSSocket> {
      const socket = connect({ port, host: '127.0.0.1', ca: root.pem, servername: 'a.example', ...options })
      t.teardown(() => socket.destroy())
      await once(socket, 'secureConnect')
      return socket
    }
  }
}

/** @returns the response, read until the end */
async function ask(socket: TLSSocket, request: string): Promise<string> {
  socket.write(request)
  return await text(socket)
}

const get = (path: string, host: string, more = 'Connection: close\r\n') =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`

const nameOf = (socket: TLSSocket) => socket.getPeerCertificate().subject.CN

t.test('https: the certificate matches the requested name, or is the first one', async t => {
  const { open } = await serve(t, below('a.example'), below('b.example', { hosts: ['*.b.example'] }))
  for (const [servername, name] of [
    ['a.example', 'a.example'],
    ['autoconfig.b.example', 'b.example'],
    ['c.example', 'a.example'],
    ['', 'a.example']
  ] as const) {
    t.equal(nameOf(await open({ servername, checkServerIdentity: () => undefined })), name, servername)
  }
})

t.test('https: a new certificate is used for new connections, and open connections continue', async t => {
  const { open, renew } = await serve(t, below('a.example'))
  const before = await open()
  renew(below('a.example', { hosts: ['a.example', 'new.example'] }))
  const after = await open({ servername: 'new.example' })
  t.match(after.getPeerCertificate().subjectaltname, 'new.example')
  t.notMatch(before.getPeerCertificate().subjectaltname, 'new.example')
  t.match(await ask(before, get('/mail/config-v1.1.xml', 'example.com')), 'HTTP/1.1 200 OK')
  renew()
  t.match(
    (await open()).getPeerCertificate().subjectaltname,
    'new.example',
    'if all are removed, the last one stays in use'
  )
})

t.test('https: supports only TLS 1.2 and 1.3 with forward secrecy, and HTTP/1.1', async t => {
  const { open } = await serve(t, below('a.example'))
  const modern = await open({ ALPNProtocols: ['h2', 'http/1.1'] })
  t.equal(modern.getProtocol(), 'TLSv1.3')
  t.equal(modern.alpnProtocol, 'http/1.1')
  const older = await open({ maxVersion: 'TLSv1.2' })
  t.same([older.getProtocol(), older.getCipher().name], ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256'])
  const refused = { message: /alert handshake failure/ }
  await t.rejects(open({ maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' }), {
    code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'
  })
  await t.rejects(open({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA256' }), refused, 'no CBC')
  const { open: openRsa } = await serve(t, below('a.example', { key: rsaKey() }))
  const oldest = { maxVersion: 'TLSv1.2' } as const
  t.equal((await openRsa({ ...oldest, ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' })).getProtocol(), 'TLSv1.2')
  await t.rejects(
    openRsa({ ...oldest, ciphers: 'AES128-GCM-SHA256' }),
    refused,
    'no key exchange without forward secrecy'
  )
  await t.rejects(open({ ALPNProtocols: ['h2'] }), { code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' })
})

t.test('https: clients cannot renegotiate keys on a connection', async t => {
  const { open } = await serve(t, below('a.example'))
  const socket = await open({ maxVersion: 'TLSv1.2' })
  const failed = once(socket, 'error')
  socket.renegotiate({ rejectUnauthorized: false }, () => undefined)
  t.match((await failed)[0].message, /renegotiation/)
})

t.test('https: requests that http redirects are answered on https, and autoconfig is answered on both', async t => {
  const { app, open } = await serve(t, below('a.example'))
  const post = (host: string) => {
    const body = poxRequest('jane@example.com')
    const head = `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: ${host}\r\nConnection: close`
    return `${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }
  t.match(await ask(await open(), post('autodiscover.example.com')), '<Action>settings</Action>')
  t.match(await ask(await open(), get('/mail/config-v1.1.xml', 'autoconfig.example.com')), 'HTTP/1.1 200 OK')
  t.match(await ask(await open(), get('/autodiscover/autodiscover.xml', 'autodiscover.example.com')), 'HTTP/1.1 200 OK')
  const headers = { host: 'autodiscover.example.com:8080' }
  const { statusCode, headers: received } = await app.inject({ url: '/autodiscover/autodiscover.xml', headers })
  t.same(
    [statusCode, received.location],
    // Why without a port: programs use only 443, even if it is forwarded to another port.
    [302, 'https://autodiscover.example.com/autodiscover/autodiscover.xml']
  )
  t.equal((await app.inject({ url: '/mail/config-v1.1.xml', headers })).statusCode, 200)
  const trusted = { ...headers, 'x-forwarded-proto': 'https' }
  t.equal((await app.inject({ url: '/autodiscover/autodiscover.xml', headers: trusted })).statusCode, 200)
})

t.test('https: the limits of http also apply to https', async t => {
  const { app, open, port } = await serve(t, below('a.example'))
  t.match(await ask(await open(), 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\nconnection: close/)
  t.match(await ask(await open(), get('/', 'example.com', `X: ${'x'.repeat(20_000)}\r\n`)), /^HTTP\/1\.1 431 /)
  app.server.requestTimeout = 300
  app.server.headersTimeout = 300
  t.match(await ask(await open(), 'GET / HTTP/1.1\r\n'), /^HTTP\/1\.1 408 /)
  const plain = connectPlain(port, '127.0.0.1')
  plain.write('GET / HTTP/1.1\r\n\r\n')
  t.equal(await text(plain), '', 'data that is not TLS')
})

t.test('https: the handshake timeout and the number of connections are those of the current table', async t => {
  const patient = `limits: { keepAliveSeconds: 60 }\n${settings}`
  const { open, port, change } = await serveWith(t, patient, below('a.example'), below('b.example'))
  const before = await open()
  // Why: a connection without a request is subject to headersSeconds, too.
  before.write(get('/', 'example.com', ''))
  await once(before, 'data')
  change(`limits: { headersSeconds: 1, connections: 2, overload: { delayMilliseconds: 0 } }\n${settings}`)
  const silent = connectPlain(port, '127.0.0.1')
  t.equal(await text(silent), '', 'it is closed after a second')
  const other = await open({ servername: 'b.example' })
  t.same([nameOf(before), nameOf(other)], ['a.example', 'b.example'])
  await once(connectPlain(port, '127.0.0.1').resume(), 'close')
  t.match(await ask(before, get('/', 'example.com')), /HTTP\/1\.1 200 /)
})

async function timed(stop: Promise<void>): Promise<number> {
  const started = performance.now()
  await stop
  return performance.now() - started
}

t.test('https: a stop closes idle connections and those without TLS, and responses are completed', async t => {
  const { app, open, port, drain } = await serve(t, below('a.example'))
  const silent = await open()
  const untouched = connectPlain(port, '127.0.0.1')
  await once(untouched, 'connect')
  const busy = await open()
  const arrived = once(app.server, 'request')
  busy.write('POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: 6\r\n\r\n')
  await arrived
  const ended = Promise.all([once(silent, 'close'), once(untouched, 'close')])
  const stopped = timed(drain(30_000))
  await ended
  await t.rejects(open())
  t.match(await ask(busy, '<ham/>'), 'HTTP/1.1 200 OK')
  t.ok((await stopped) < 10_000)
})

t.test('https: a stop disconnects clients that do not finish, before and after the handshake', async t => {
  const { app, open, port, drain } = await serve(t, below('a.example'))
  const handshaking = connectPlain(port, '127.0.0.1')
  handshaking.write('\x16\x03\x01')
  const busy = await open()
  const arrived = once(app.server, 'request')
  busy.write('POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: 6\r\n\r\n')
  await arrived
  const ended = Promise.all([once(handshaking, 'close'), once(busy, 'close')])
  t.ok((await timed(drain(300))) < 10_000)
  await ended
})

t.test('https: a connection is counted once, from the moment it is accepted', async t => {
  const { app, open, port } = await serve(t, below('a.example'))
  const { gate } = app.listenerOptions
  const untouched = connectPlain(port, '127.0.0.1')
  await once(untouched, 'connect')
  const socket = await open()
  t.equal(gate.open, 2)
  const gone = [once(untouched, 'close'), once(socket, 'close')]
  untouched.end()
  socket.end()
  await Promise.all(gone)
  while (gate.open > 0) await new Promise(resolve => setTimeout(resolve, 5))
})

t.test('https: connections before the handshake count for their address', async t => {
  const limited = settings
    .replace(/trustProxy: \[.*?\]/, '')
    .replace('providers:', 'limits: { connectionsPerAddress: 2, rate: { allow: [192.0.2.1] } }\nproviders:')
  const { app, open, port } = await serveWith(t, limited, below('a.example'))
  const silent = [connectPlain(port, '127.0.0.1'), connectPlain(port, '127.0.0.1')]
  await Promise.all(silent.map(socket => once(socket, 'connect')))
  await t.rejects(open())
  const place = app.server.address()
  const plainPort = typeof place === 'object' && place !== null ? place.port : 0
  t.equal(await text(connectPlain(plainPort, '127.0.0.1')), '', 'on the plain listener, too')
  const gone = silent.map(socket => once(socket, 'close'))
  for (const socket of silent) socket.end()
  await Promise.all(gone)
  while (app.listenerOptions.gate.open > 0) await new Promise(resolve => setTimeout(resolve, 5))
  t.match(await ask(await open(), get('/nowhere', 'example.com')), 'HTTP/1.1 404')
})

t.test(
  'https: a name without a file has the certificate that is in memory, or is obtained during the handshake',
  async t => {
    const [inMemory, obtained, standard] = ['b.example', 'c.example', 's.example'].map(name =>
      certificateOf(t, below(name))
    )
    const ordered: string[] = []
    const automatic: AutomaticCertificates = {
      // Why a.example, too: its file takes precedence over the certificate in memory.
      held: name => (['a.example', 'b.example'].includes(name) ? inMemory : undefined),
      async obtain(name) {
        ordered.push(name)
        return name === 'c.example' ? obtained : undefined
      },
      standard
    }
    const check = { checkServerIdentity: () => undefined }
    const { open } = await serveAutomatic(t, { settings, automatic }, below('a.example'))
    for (const [servername, name] of [
      ['a.example', 'a.example'],
      ['b.example', 'b.example'],
      ['c.example', 'c.example'],
      ['d.example', 'a.example'],
      ['', 'a.example']
    ] as const) {
      t.equal(nameOf(await open({ servername, ...check })), name, servername)
    }
    t.same(ordered, ['c.example', 'd.example'])
    const without = await serveAutomatic(t, { settings, automatic })
    t.equal(nameOf(await without.open({ servername: '', ...check })), 's.example', 'without files')
    t.equal(nameOf(await without.open({ servername: 'd.example', ...check })), 's.example')
  }
)

t.test('https: without any certificate yet, handshakes fail and the next ones succeed', async t => {
  let standard: AutomaticCertificates['standard']
  const automatic: AutomaticCertificates = {
    held: () => undefined,
    obtain: async () => undefined,
    get standard() {
      return standard
    }
  }
  const { open } = await serveAutomatic(t, { settings, automatic })
  await t.rejects(open({ servername: 'a.example' }))
  await t.rejects(open({ servername: '' }))
  standard = certificateOf(t, below('a.example'))
  t.equal(nameOf(await open({ servername: 'a.example' })), 'a.example')
})
