import fc from 'fast-check'
import t from 'tap'
import { toOriginForm } from '../../src/http/request-target.ts'
import { openWire } from '../support/http/wire.ts'
import { serveApp } from '../support/served-app.ts'

/** @returns the rewritten target and host */
function rewrite(url: string, host = 'before.example') {
  const request = { url, headers: { host } }
  return { target: toOriginForm(request), host: request.headers.host }
}

t.test('target: the origin form is unchanged', async t => {
  for (const url of ['/', '/a?b=c', '//evil.example/a', '/https://evil.example/', '/a#b']) {
    t.same(rewrite(url), { target: url, host: 'before.example' })
  }
})

t.test('target: the absolute form becomes path and query, and its authority the host', async t => {
  for (const [url, target, host] of [
    ['https://a.example/mail/x.xml?y=z', '/mail/x.xml?y=z', 'a.example'],
    ['HTTP://A.Example:8080/X', '/X', 'A.Example:8080'],
    ['https://a.example', '/', 'a.example'],
    ['https://a.example?y=z', '/?y=z', 'a.example'],
    ['https://a.example/x#y', '/x', 'a.example'],
    ['https://a.example/https://b.example/', '/https://b.example/', 'a.example'],
    ['https://[::1]:8080/x', '/x', '[::1]:8080'],
    ['https://user:password@a.example/x', '/x', 'user:password@a.example'],
    ['https:///x', '/x', '']
  ] as const) {
    t.same(rewrite(url), { target, host }, url)
  }
})

t.test('target: other forms become a path that is not served', async t => {
  for (const url of ['*', 'a.example:443', 'ftp://a.example/x', 'javascript:alert(1)', 'https:/x', '']) {
    t.same(rewrite(url), { target: `/*${url}`, host: 'before.example' }, url)
  }
})

t.test('target: any path and query are unchanged', async t => {
  const anyPath = fc.string({ unit: 'binary-ascii' }).map(text => `/${text.replace(/[^!-~]|#/g, '')}`)
  fc.assert(
    fc.property(anyPath, path => t.same(rewrite(`https://a.example${path}`), { target: path, host: 'a.example' }))
  )
})

t.test('target: the authority of an absolute target overrides Host', async t => {
  const { app, readLog } = serveApp(t)
  const wire = await openWire(t, app)
  for (const [target, host, status, domain] of [
    // Observed: Delta Chat (chatmail/core 2026-08) sends this form over TLS, with Host as its only header.
    [
      'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a%40example.com',
      'autoconfig.example.com',
      200,
      'example.com'
    ],
    [
      'https://autoconfig.example.com/mail/config-v1.1.xml?emailaddress=a%40example.com',
      'elsewhere.example',
      200,
      'example.com'
    ],
    ['https://autoconfig.example.com/mail/config-v1.1.xml', 'elsewhere.example', 200, 'example.com'],
    ['http://a.customers.example:80/MAIL/Config-V1.1.xml', 'example.com', 200, 'a.customers.example'],
    ['https://elsewhere.example/mail/config-v1.1.xml', 'example.com', 404, 'elsewhere.example'],
    ['https://example.com/nothing', 'elsewhere.example', 404, 'example.com'],
    ['ftp://example.com/mail/config-v1.1.xml', 'example.com', 404, 'example.com']
  ] as const) {
    wire.send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    const answer = await wire.receive()
    t.equal(answer.status, status, `${target} at ${host}`)
    t.equal(JSON.parse(readLog()).domain, domain)
    if (status === 200) t.match(answer.body, `<domain>${domain}</domain>`)
  }
  wire.send('GET https://example.com HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n')
  t.match(await wire.receive(), { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } }, 'the page')
  readLog()
  wire.send('GET https://autodiscover.example.com/autodiscover/autodiscover.xml HTTP/1.1\r\nHost: evil.example\r\n\r\n')
  t.match((await wire.receive()).body, '<Server>imap.example.com</Server>')
})

t.test('plain http: a target that is not a path gets 404, not a redirect', async t => {
  const wire = await openWire(t, serveApp(t).app)
  for (const target of ['*', '*?@evil.example/', '*.evil.example/', 'ftp://evil.example/']) {
    for (const host of ['example.com', 'elsewhere.example']) {
      wire.send(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-Proto: http\r\n\r\n`)
      const { status, headers } = await wire.receive()
      t.same([status, headers.location], [404, undefined], target)
    }
  }
})
