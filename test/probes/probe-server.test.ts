import { once } from 'node:events'
import { type AddressInfo, createServer, Socket } from 'node:net'
import { addAbortSignal } from 'node:stream'
import type { TLSSocket } from 'node:tls'
import t from 'tap'
import { Session } from '../../src/probes/session/session.ts'
import { noAnswer } from '../../src/probes/session/session-error.ts'
import { socketProtocols } from '../../src/settings/provider.ts'
import { withSignal } from '../../src/timeout.ts'
import { issue, issueChain, rsaKey } from '../support/certificates.ts'
import { matchLists } from '../support/match-lists.ts'
import { ask, askMail, askPort, certificate, connectHere, host, root, rulesOf } from '../support/probes/ask.ts'
import { mailScript } from '../support/probes/mail-script.ts'
import { startScriptedServer } from '../support/probes/scripted-server.ts'

const oldTls = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const

for (const protocol of socketProtocols) {
  t.test(`${protocol}: a healthy server with TLS has no fault`, async t => {
    const { probe, received } = await askMail(t, {}, { protocol })
    t.same(probe.faults, [])
    t.same(probe.authentication, ['password'])
    matchLists(t, probe.tls, { protocol: 'TLSv1.3', subject: `CN=${host}`, issuer: 'CN=Known Root', names: [host] })
    t.match(probe.tls, { daysLeft: 29, authorizationError: undefined, cipher: /^TLS_/, notAfter: /^\d{4}-.*Z$/ })
    t.equal(probe.plaintextRefused, undefined)
    t.equal(probe.logIn, 'not tried')
    t.ok(probe.ms >= 0)
    t.match(received.at(-1), /^tls (?:a\d )?(?:LOGOUT|QUIT)$/, 'logs out')
  })

  t.test(`${protocol}: a healthy server with STARTTLS has no fault`, async t => {
    const { probe, received } = await askMail(t, {}, { protocol, security: 'starttls' })
    t.same(probe.faults, [])
    t.equal(probe.plaintextRefused, true)
    t.same(probe.authentication, ['password'], 'as offered after TLS')
    matchLists(t, probe.tls, { names: [host], authorizationError: undefined })
    const commands = received.map(line => line.replace(/^(tls )?a\d /, '$1').replace(/ \[.*\]$/, ''))
    const [capabilities, starting, ...others] = commands
    matchLists(t, [capabilities, starting], [/^(?:CAPABILITY|CAPA|EHLO)$/, /^(?:STARTTLS|STLS)$/])
    t.match(
      others,
      [`tls ${capabilities}`, /^tls (?:LOGOUT|QUIT)$/],
      'repeats the request, because the response before TLS may be forged'
    )
  })

  t.test(`${protocol}: a server without TLS on the TLS port is reported`, async t => {
    const { probe } = await askMail(t, { implicitTls: false }, { protocol })
    t.same(rulesOf(probe), ['server.clear-on-tls-port'])
    t.type(probe.greeting, 'string')
  })

  t.test(`${protocol}: a server without STARTTLS is reported`, async t => {
    const { probe, received } = await askMail(
      t,
      { inClear: [] },
      { protocol, security: 'starttls', password: 'secret' }
    )
    t.ok(rulesOf(probe).includes('server.starttls-missing'))
    t.equal(probe.tls, undefined)
    t.match(received.at(-1), /(?:LOGOUT|QUIT)$/, 'logs out')
    t.notMatch(received.join('\n'), /secret|AUTH|LOGIN|USER/, 'sends no password')
  })

  t.test(`${protocol}: a server that accepts passwords before TLS is reported`, async t => {
    const capabilities = {
      imap: ['STARTTLS'],
      pop3: ['STLS', 'USER'],
      smtp: ['STARTTLS', 'AUTH LOGIN'],
      managesieve: ['"STARTTLS"', '"SASL" "PLAIN"']
    }
    const inClear = capabilities[protocol]
    const { probe } = await askMail(t, { inClear }, { protocol, security: 'starttls' })
    t.same(rulesOf(probe), ['server.plaintext-accepted'])
    t.equal(probe.plaintextRefused, false)
  })

  t.test(`${protocol}: a server that offers TLS and refuses it is reported`, async t => {
    const refusal = { imap: '{tag} NO no', pop3: '-ERR no', smtp: '454 no', managesieve: 'NO "no"' }[protocol]
    const answers = { STARTTLS: `${refusal}\r\n`, STLS: `${refusal}\r\n` }
    const { probe } = await askMail(t, { answers }, { protocol, security: 'starttls' })
    matchLists(t, probe.faults, [{ rule: 'server.starttls-refused', message: /no/ }])
  })

  t.test(`${protocol}: plaintext before TLS is ignored and reported`, async t => {
    const agreed = {
      imap: '{tag} OK\r\n* CAPABILITY AUTH=X\r\n',
      pop3: '+OK\r\n+OK\r\nUSER\r\n.\r\n',
      smtp: '220 go\r\n250-x\r\n250 AUTH NTLM\r\n',
      managesieve: 'OK\r\n"SASL" "NTLM"\r\nOK\r\n'
    }
    const [answer, injected] = [agreed[protocol], agreed[protocol].replace(/^.*\r\n/, '')]
    const answers = { STARTTLS: [answer, 'tls'], STLS: [answer, 'tls'] } as const
    const { probe } = await askMail(t, { answers }, { protocol, security: 'starttls', username: 'joe', password: 'x' })
    matchLists(t, probe.faults, [
      { rule: 'server.bytes-before-tls', message: new RegExp(` ${injected.length} unencrypted bytes`) },
      { rule: 'server.log-in-not-tried' }
    ])
    t.same(probe.authentication, ['password'])
    t.equal(probe.logIn, 'not tried')
  })

  t.test(`${protocol}: another protocol on the port is reported`, async t => {
    const other = { greeting: 'SSH-2.0-OpenSSH_9.2\u001b[2J\r\n', implicitTls: false }
    const { probe } = await ask(t, other, { protocol, security: 'starttls' })
    matchLists(t, probe.faults, [{ rule: 'server.greeting', message: /"SSH-2.0-OpenSSH_9.2\\u\{1b\}\[2J"/ }])
    const { probe: secured } = await ask(t, other, { protocol })
    t.same(rulesOf(secured), ['server.not-tls'])
  })

  t.test(`${protocol}: a server that closes the connection early is reported`, async t => {
    const answers = { CAPABILITY: ['', 'close'], CAPA: ['', 'close'], EHLO: ['', 'close'] } as const
    const { probe } = await askMail(t, { answers }, { protocol, security: 'none' })
    matchLists(t, probe.faults.slice(1), [{ rule: 'server.closed', message: /during the conversation/ }])
  })

  t.test(`${protocol}: an endless line and endless lines are reported`, async t => {
    const { probe: long } = await askMail(t, { greeting: 'x'.repeat(9000) }, { protocol })
    matchLists(t, long.faults, [{ rule: 'server.line-too-long', message: /8192 bytes during the greeting/ }])
    const x = 'x'.repeat(1000)
    const line = { imap: `* ${x}`, pop3: x, smtp: `250-${x}`, managesieve: `"${x}"` }[protocol]
    const flood = `${protocol === 'pop3' ? '+OK\r\n' : ''}${`${line}\r\n`.repeat(100)}`
    const { probe: many } = await askMail(t, { answers: { CAPABILITY: flood, CAPA: flood, EHLO: flood } }, { protocol })
    matchLists(t, many.faults, [{ rule: 'server.too-much', message: /65536 bytes during the conversation/ }])
  })
}

t.test('a server with TLS on the STARTTLS port is reported', async t => {
  const { probe } = await askMail(t, { implicitTls: true }, { security: 'starttls' })
  matchLists(t, probe.faults, [
    { rule: 'server.tls-on-starttls-port', severity: 'error', message: /security starttls/ }
  ])
  t.same(probe.authentication, [])
})

t.test('security none is reported, and no password is sent', async t => {
  const { probe, received } = await askMail(
    t,
    { inClear: ['IMAP4rev1', 'AUTH=PLAIN'] },
    { security: 'none', username: 'joe', password: 'secret' }
  )
  t.same(rulesOf(probe), ['server.no-encryption', 'server.log-in-not-tried'])
  t.same(received, ['a1 CAPABILITY', 'a2 LOGOUT'])
})

t.test('a server with a delayed greeting is not mistaken for one with TLS', async t => {
  let first: Socket | undefined
  const server = createServer(socket => {
    socket.on('error', () => {})
    first ??= socket
    // Why: a second connection shows that the probe stopped waiting for the greeting.
    if (first === socket) return
    first.write('* OK at last\r\n')
    first.once('data', () => first?.end('* CAPABILITY AUTH=PLAIN\r\na1 OK\r\n* BYE\r\na2 OK\r\n'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const probe = await askPort((server.address() as AddressInfo).port, { security: 'none' })
  t.same(rulesOf(probe), ['server.no-encryption'])
  t.equal(probe.greeting, '* OK at last')
})

t.test('a silent server is reported', async t => {
  // Why: the duration of the connection itself must not matter.
  const silent = async (security: 'tls' | 'starttls') => {
    const server = await startScriptedServer({})
    t.teardown(server.close)
    const sockets = await Promise.all([connectHere(server.port), connectHere(server.port)])
    return askPort(server.port, { security, timeoutMs: 100, connect: async () => sockets.shift() ?? new Socket() })
  }
  matchLists(t, (await silent('starttls')).faults, [
    { rule: 'server.no-answer', message: /greeting takes more than 0\.1 seconds/ }
  ])
  matchLists(t, (await silent('tls')).faults, [
    { rule: 'server.no-answer', message: /TLS handshake takes more than 0\.1 seconds/ }
  ])
})

t.test('a server that greets without TLS on a TLS port, and accepts only one connection, is reported', async t => {
  let connections = 0
  const server = createServer(socket => {
    socket.on('error', () => {})
    if (connections++ === 0) socket.write('* OK hello\r\n')
    else socket.destroy()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  t.same(rulesOf(await askPort((server.address() as AddressInfo).port)), ['server.not-tls'])
})

t.test('a closed port, a filtered port and other failed connections are reported', async t => {
  const refuse = (error: unknown) => askPort(993, { connect: () => Promise.reject(error) })
  const failed = (code: string, more = {}) => refuse(Object.assign(new Error(`connect ${code}`), { code }, more))
  matchLists(t, (await failed('ECONNREFUSED')).faults, [
    { rule: 'server.connection-refused', severity: 'error', remedy: /port 993/ }
  ])
  t.same(rulesOf(await failed('ETIMEDOUT')), ['server.connection-filtered'])
  t.same(rulesOf(await failed('ENOTFOUND')), ['server.no-address'])
  t.same(rulesOf(await failed('EAI_AGAIN')), ['server.name-server-fails'])
  t.same(rulesOf(await failed('EHOSTUNREACH')), ['server.unreachable'])
  matchLists(t, (await failed('ECONNRESET')).faults, [
    { rule: 'server.closed', message: /during the connection set-up/ }
  ])
  matchLists(t, (await failed('EMFILE')).faults, [{ rule: 'server.not-connected', message: /connect EMFILE/ }])

  const cause = Object.assign(new Error('connect'), { code: 'ENETUNREACH' })
  t.same(rulesOf(await refuse(Object.assign(new Error('x', { cause }), { kind: 'refused' }))), ['server.unreachable'])
  const known = async (kind: string) => rulesOf(await refuse(Object.assign(new Error('words'), { kind })))
  t.same(await known('no-host'), ['server.no-address'])
  t.same(await known('dns'), ['server.name-server-fails'])
  t.same(await known('refused'), ['server.connection-refused'])
  t.same(await known('timeout'), ['server.connection-filtered'])
  t.same(await known('no-time'), ['server.no-time'])
  matchLists(t, (await refuse(Object.assign(new Error('10.0.0.1 is private'), { kind: 'private-address' }))).faults, [
    { rule: 'server.not-connected', message: 'The connection fails: 10.0.0.1 is private.' }
  ])
})

t.test('if a port does not respond, the probe ends in time and closes a late connection', async t => {
  const late = Promise.withResolvers<Socket>()
  const probe = await askPort(993, { connect: () => late.promise, timeoutMs: 50 })
  matchLists(t, probe.faults, [{ rule: 'server.connection-filtered', message: /within 0\.05 seconds/ }])
  const socket = new Socket()
  const closed = once(socket, 'close')
  late.resolve(socket)
  await closed
  t.ok(socket.destroyed)
})

t.test('a connection that ends because of the timeout of the run is not a fault of the server', async t => {
  for (const security of ['none', 'tls'] as const) {
    const controller = new AbortController()
    const connect = async (_host: string, port: number) => {
      const socket = await connectHere(port)
      return addAbortSignal(controller.signal, socket)
    }
    const script = mailScript('imap', { implicitTls: security === 'tls', certificates: [certificate()] })
    const answer = () => {
      controller.abort()
      return undefined
    }
    const { probe } = await ask(t, { ...script, answer }, { security, connect })
    t.same(rulesOf(probe).at(-1), 'server.no-time', security)
    t.type(probe.greeting, 'string')
  }
})

t.test('errors that do not come from the connection are thrown', async t => {
  await t.rejects(askPort(1, { connect: () => Promise.reject('no error') }))
  const authentication = undefined as unknown as []
  await t.rejects(askMail(t, {}, { authentication }), { name: 'TypeError' })
})

t.test(
  'certificates: expired, not yet valid, for another name, self-signed, and without intermediate ones are reported',
  async t => {
    const faultsOf = async (...certificates: ReturnType<typeof issue>[]) => (await askMail(t, { certificates })).probe
    const expired = await faultsOf(certificate({ from: -20, until: -1.5 }))
    matchLists(t, expired.faults, [
      { rule: 'server.certificate-expired', severity: 'error', message: /on \d{4}-\d\d-\d\d/ }
    ])
    t.match(expired.tls, { daysLeft: -2, authorizationError: 'CERT_HAS_EXPIRED' })
    t.same(rulesOf(await faultsOf(certificate({ from: 2 }))), ['server.certificate-not-yet-valid'])

    const other = await faultsOf(certificate({ hosts: ['www.example.com', '*.mail.example.com'] }))
    matchLists(t, other.faults, [
      {
        rule: 'server.certificate-name',
        message: /for www.example.com, \*.mail.example.com.*and not for mail.example.com/
      }
    ])
    t.equal(other.tls?.authorizationError, 'ERR_TLS_CERT_ALTNAME_INVALID')
    matchLists(t, (await faultsOf(certificate({ hosts: [] }))).faults, [
      { rule: 'server.certificate-name', message: /for no name, and not for/ }
    ])

    const own = await faultsOf(issue(host, { hosts: [host] }))
    matchLists(t, own.faults, [{ rule: 'server.certificate-self-signed', message: /: CN=mail.example.com\.$/ }])
    const foreign = issue('Foreign Root', { ca: true })
    matchLists(t, (await faultsOf(certificate({ issuer: foreign }), foreign)).faults, [
      { rule: 'server.certificate-self-signed', message: /: CN=Foreign Root\.$/ }
    ])
    const { leaf, intermediate } = issueChain(host, { hosts: [host] })
    matchLists(t, (await faultsOf(leaf)).faults, [
      { rule: 'server.certificate-chain', message: /CN=Test Intermediate is missing/, remedy: /fullchain/ }
    ])
    matchLists(t, (await faultsOf(leaf, intermediate)).faults, [{ message: /CN=Test Root is missing/ }])
    const noAuthority = issue('No Authority', { issuer: root })
    matchLists(t, (await faultsOf(certificate({ issuer: noAuthority }), noAuthority)).faults, [
      { rule: 'server.certificate-untrusted', message: /INVALID/ }
    ])
  }
)

t.test('certificates: two faults at once are both reported', async t => {
  const { probe } = await askMail(t, { certificates: [certificate({ from: -9, until: -1, hosts: ['a.example'] })] })
  t.same(rulesOf(probe), ['server.certificate-expired', 'server.certificate-name'])
})

t.test('certificates: fourteen days left are enough', async t => {
  const left = async (until: number) => rulesOf((await askMail(t, { certificates: [certificate({ until })] })).probe)
  t.same(await left(14.1), [])
  t.same(await left(13.9), ['server.certificate-expires-soon'])
  t.same(await left(0.1), ['server.certificate-expires-soon'])
})

t.test('certificates: short keys are reported', async t => {
  const tls = { ciphers: 'DEFAULT:@SECLEVEL=0' }
  const keys = async (bits: number) =>
    (await askMail(t, { certificates: [certificate({ key: rsaKey(bits) })], tls })).probe
  t.same((await keys(2048)).faults, [])
  matchLists(t, (await keys(1024)).faults, [{ rule: 'server.weak-key', message: /1024 bits/ }])
})

t.test('certificates: must contain the IP address if the server is advertised by its address', async t => {
  const { probe } = await askMail(t, {}, { host: '::1' })
  t.same(rulesOf(probe), ['server.certificate-name'])
})

t.test('certificates: without --ca, only public authorities are trusted', async t => {
  const { probe } = await askMail(t, {}, { ca: '' })
  t.same(rulesOf(probe), ['server.certificate-chain'])
})

t.test('TLS: old versions are reported, and get no password', async t => {
  const { probe, received } = await askMail(t, { tls: oldTls }, { username: 'joe', password: 'secret' })
  matchLists(t, probe.faults, [
    { rule: 'server.tls-outdated', severity: 'warning', message: /newer than TLSv1\.1/ },
    { rule: 'server.log-in-not-tried', severity: 'info', message: /not safe/ }
  ])
  t.equal(received.length, 2)
})

t.test('TLS: a failed handshake is reported with the text of OpenSSL', async t => {
  // Spec: RFC 8446 5.1 and 6: a record with the alert handshake_failure.
  const { probe } = await ask(t, { greeting: Buffer.from('15030300020228', 'hex') })
  matchLists(t, probe.faults, [{ rule: 'server.tls-failed', message: /alert handshake failure/ }])
  const { probe: upgraded } = await askMail(
    t,
    { answers: { STARTTLS: '{tag} OK\r\n' } },
    { security: 'starttls', timeoutMs: 1000 }
  )
  matchLists(t, upgraded.faults, [{ rule: 'server.no-answer', message: /TLS handshake/ }])
  const { probe: cut } = await askMail(
    t,
    { answers: { STARTTLS: ['{tag} OK\r\n', 'close'] } },
    { security: 'starttls' }
  )
  matchLists(t, cut.faults, [{ rule: 'server.closed', message: /during the TLS handshake/ }])
})

t.test('TLS: a server without any certificate is reported', async t => {
  const session = new Session(
    { protocol: 'imap', host, port: 993, security: 'tls', authentication: [] },
    { connect: () => Promise.reject(), timeoutMs: 1000, now: Date.now }
  )
  t.teardown(() => session.end())
  const socket = { getPeerX509Certificate: () => undefined } as unknown as TLSSocket
  t.throws(() => session.recordTls(socket), { message: 'tlsFailed' })
})

t.test('an unexpected response to LOGOUT is not a fault', async t => {
  const { probe } = await askMail(t, { answers: { LOGOUT: 'what\r\n' } })
  t.same(probe.faults, [])
})

t.test('long texts from a server are shortened in faults', async t => {
  const { probe } = await ask(t, { greeting: `${'x'.repeat(500)}\r\n` }, { security: 'starttls' })
  t.match(probe.faults[0]?.message, /^The server greets with "x{199}…", which/)
})

t.test('a signal that is already aborted rejects at once', async t => {
  await t.rejects(withSignal(new Promise(() => {}), AbortSignal.abort(), noAnswer), { message: 'noAnswer' })
})
