import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import t, { type Test } from 'tap'
import { check } from '../../src/cli/commands/check.ts'
import { serve } from '../../src/cli/commands/serve.ts'
import { type Issued, issue } from '../support/certificates.ts'
import { startProgram } from '../support/cli/program.ts'
import { runCommand } from '../support/cli/terminal.ts'
import { calm, exampleSettings } from '../support/served-app.ts'

const settings = exampleSettings.replace(
  'http: {',
  'http: { tls: { certificates: [{ certificate: a.pem, key: a.key }] },'
)
const covering = ['autoconfig', 'autodiscover'].flatMap(label =>
  ['example.com', 'xn--bcher-kva.example'].map(domain => `${label}.${domain}`)
)

function fileWith(t: Test, { pem, keyPem }: Issued, text = settings): string {
  return join(t.testdir({ 'a.yaml': text, 'a.pem': pem, 'a.key': keyPem }), 'a.yaml')
}

async function openTls(t: Test, { port }: URL): Promise<TLSSocket> {
  const socket = connectTls({ port: Number(port), host: '127.0.0.1', rejectUnauthorized: false })
  t.teardown(() => socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

const places = ['--listen', '127.0.0.1:0', '--listen-tls', '127.0.0.1:0', '--listen-admin', '127.0.0.1:0']

t.test('service: http, https and the admin listener in one program, from its start to its end', async t => {
  const issued = issue('first.example.com', { hosts: covering })
  const file = fileWith(t, issued, calm(`admin: { domainMetrics: true }\n${settings}`))
  const program = startProgram(t, ['serve', '--config', file, ...places], { coverage: true })
  const greeting = await program.says(/^Signpost listens on[\s\S]*\/metrics\n/m)
  const [plain, secure, admin] = [/http:\S+:\d+/, /https:\S+:\d+/, /http:\S+(?=\/metrics)/].map(
    pattern => new URL(pattern.exec(greeting)?.[0] ?? '')
  )
  if (plain === undefined || secure === undefined || admin === undefined) throw new Error(greeting)
  const readiness = async () => (await fetch(`${admin.origin}/readyz`)).status

  await t.test('service: autodiscover is redirected from http, and answered on https', async t => {
    const headers = 'Host: autodiscover.example.com\r\nConnection: close'
    const request = `GET /autodiscover/autodiscover.xml HTTP/1.1\r\n${headers}\r\n\r\n`
    const clear = connect(Number(plain.port), '127.0.0.1')
    clear.write(request)
    t.match(await text(clear), /^HTTP\/1\.1 302 [\s\S]*location: https:\/\/autodiscover\.example\.com\/autodiscover\//)
    const socket = await openTls(t, secure)
    socket.write(request)
    t.match(await text(socket), '<Action>settings</Action>')
  })

  await t.test('service: requests are counted by domain if the table says so', async t => {
    const metrics = await (await fetch(`${admin.origin}/metrics`)).text()
    for (const outcome of ['redirected', 'answered']) {
      const labels = `dialect="outlook",outcome="${outcome}",client="none",domain="example.com"`
      t.match(metrics, `signpost_requests_total{${labels}} 1\n`)
    }
  })

  await t.test('service: a renewed certificate is used without a reload, and logged', async t => {
    const next = issue('second.example.com', { hosts: covering })
    writeFileSync(file.replace('.yaml', '.pem'), next.pem)
    writeFileSync(file.replace('.yaml', '.key'), next.keyPem)
    await program.says(/https has a certificate[\s\S]*https has a certificate/)
    t.equal((await openTls(t, secure)).getPeerCertificate().subject.CN, 'second.example.com')
    t.match(await (await fetch(`${admin.origin}/metrics`)).text(), 'signpost_reloads_total{result="ok"} 1\n')
  })

  await t.test('service: while it stops, it is not ready but still responds', async t => {
    t.equal(await readiness(), 200)
    const busy = await openTls(t, secure)
    const received = busy[Symbol.asyncIterator]()
    const head = 'POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: 6'
    busy.write(`${head}\r\nExpect: 100-continue\r\n\r\n`)
    t.match(String((await received.next()).value), 'HTTP/1.1 100 Continue')
    program.kill('SIGTERM')
    await program.says(/SIGTERM: finishing the requests under way/)
    t.equal(await readiness(), 503)
    await t.rejects(openTls(t, secure))
    busy.write('<ham/>')
    t.match(String((await received.next()).value), 'HTTP/1.1 200 OK')
    t.equal((await program.ended).code, 0)
  })
})

t.test('service: an unusable certificate is an error at the start, with its position', async t => {
  const file = fileWith(t, { ...issue('a.example'), keyPem: issue('b.example').keyPem })
  await t.rejects(runCommand(serve, ['--config', file, ...places]), {
    code: 'AC_SETTINGS_INVALID',
    message: /^\S+a\.key:1:1 http\.tls\.certificates\[0\]\.key: found a key that fits no certificate in \S+a\.pem$/
  })
})

t.test('service: if one listener cannot start, none does', async t => {
  const holder = createServer().listen(0, '127.0.0.1')
  t.teardown(() => holder.close())
  await once(holder, 'listening')
  const place = holder.address()
  const taken = `127.0.0.1:${typeof place === 'object' ? place?.port : 0}`
  const file = fileWith(t, issue('a.example'))
  for (const option of ['--listen-tls', '--listen-admin']) {
    const argv = ['--config', file, ...places].map((word, at, all) => (all[at - 1] === option ? taken : word))
    await t.rejects(runCommand(serve, argv), {
      code: 'AC_CANNOT_LISTEN',
      message: `cannot listen on ${taken}: the port is in use`
    })
  }
})

t.test('check: reports the https certificate, and that it covers the names that mail programs use', async t => {
  const issued = issue('a.example', { hosts: covering })
  const file = fileWith(t, issued)
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  t.match(
    out,
    `${file}: https has the certificate of a.example, until ${issued.certificate.validToDate.toISOString()}\n`
  )
  t.notMatch(out, 'which mail programs ask')
})

t.test('check: lists host names that mail programs request and no certificate covers', async t => {
  const hosts = ['*.example.com']
  const file = fileWith(t, issue('a.example', { hosts }))
  const { code, out } = await runCommand(check, ['--config', file])
  t.equal(code, 0)
  const names = 'autoconfig.xn--bcher-kva.example, autodiscover.xn--bcher-kva.example'
  t.match(
    out,
    `${file}:2:30 http.tls.certificates: warning: found none for ${names}, which mail programs request for example\n`
  )
  const off = settings.replace('    mx: [mx1', '    dialects: { outlook: false }\n    mx: [mx1')
  const many = off.replace('bücher.example', [...'abcdefgh'].map(name => `${name}.example`).join(', '))
  const warned = await runCommand(check, ['--config', fileWith(t, issue('a.example', { hosts }), many)])
  const first = ['a', 'b', 'c', 'd', 'e', 'f'].map(name => `autoconfig.${name}.example`).join(', ')
  t.match(warned.out, `found none for ${first}, 2 more, which`)
  const neither = off.replace('outlook: false', 'outlook: false, thunderbird: false')
  const nothing = await runCommand(check, ['--config', fileWith(t, issue('a.example', { hosts: [] }), neither)])
  t.notMatch(nothing.out, 'which mail programs ask')
})

t.test('check: the exit code is 1 if a certificate is unusable or has expired', async t => {
  for (const [issued, message] of [
    [{ ...issue('a.example'), keyPem: issue('b.example').keyPem }, 'fits no certificate'],
    [issue('a.example', { from: -9, until: -1 }), 'which expired on']
  ] as const) {
    const { code, out } = await runCommand(check, ['--config', fileWith(t, issued)])
    t.equal(code, 1)
    t.match(out, message)
  }
})

t.test('service: at ::, IPv4 clients are treated as on a listener for IPv4', async t => {
  const limits = 'limits: { overload: { delayMilliseconds: 0 }, rate: { requests: 3, allow: [] } }'
  const trusting = exampleSettings.replace(/http:.*/, `http: { trustProxy: [127.0.0.2] }\n${limits}`)
  const file = join(t.testdir({ 'a.yaml': trusting }), 'a.yaml')
  const program = startProgram(t, ['serve', '--config', file, '--listen', ':0'])
  const port = Number(
    /:(\d+)/.exec(await program.says(/^Signpost listens on http:\/\/localhost:\d+\/ \(all addresses\)/m))?.[1]
  )

  async function ask(host: string, localAddress: string): Promise<string> {
    const socket = connect({ port, host, localAddress })
    socket.write(
      'GET /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: autodiscover.example.com\r\nX-Forwarded-Proto: http\r\nConnection: close\r\n\r\n'
    )
    return (await text(socket)).slice(0, 'HTTP/1.1 200'.length)
  }

  t.equal(await ask('127.0.0.1', '127.0.0.2'), 'HTTP/1.1 302', 'the proxy in http.trustProxy is trusted')
  for (const [host, client] of [
    ['127.0.0.1', '127.0.0.3'],
    ['::1', '::1']
  ] as const) {
    for (let count = 0; count < 3; count++) t.equal(await ask(host, client), 'HTTP/1.1 200', client)
    t.equal(await ask(host, client), 'HTTP/1.1 429', client)
  }
  t.equal(await ask('127.0.0.1', '127.0.0.4'), 'HTTP/1.1 200', 'another address of IPv4 is another client')
})
