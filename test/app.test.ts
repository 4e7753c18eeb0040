import t from 'tap'
import { createSource, type Source } from '../src/sources/source.ts'
import { hasNone } from './support/has-none.ts'
import { openWire } from './support/http/wire.ts'
import { poxRequest } from './support/pox-request.ts'
import { exampleSettings, serveApp } from './support/served-app.ts'
import { tableOf } from './support/table-of.ts'

const autoconfigPaths = [
  '/mail/config-v1.1.xml',
  '/.well-known/autoconfig/mail/config-v1.1.xml',
  '/.well-known/mail-v1.xml'
]
const autodiscoverPath = '/autodiscover/autodiscover.xml'
const applePaths = ['/email.mobileconfig', '/mobileconfig']

t.test('app: autoconfig is answered alike at each of its paths, in any letter case', async t => {
  const { app } = serveApp(t)
  const expected = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host: 'autoconfig.example.com' } })
  t.equal(expected.statusCode, 200)
  t.equal(expected.headers['content-type'], 'text/xml; charset=utf-8')
  t.ok(expected.body.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n'))
  t.notMatch(expected.body, /<!DOCTYPE|xmlns/)
  for (const path of autoconfigPaths) {
    for (const url of [path, path.toUpperCase(), `${path}/`, `${path}?`, `${path}?emailaddress=jane%40example.com`]) {
      for (const host of ['autoconfig.example.com', 'example.com', 'AUTOCONFIG.Example.COM.:443']) {
        const answer = await app.inject({ url, headers: { host } })
        t.equal(answer.statusCode, 200, `${host}${url}`)
        t.equal(answer.body, expected.body)
      }
    }
  }
})

t.test('app: autodiscover is answered alike in every spelling of its path that clients use', async t => {
  const { app } = serveApp(t)
  const payload = poxRequest('jane@example.com')
  const { body } = await app.inject({ method: 'POST', url: autodiscoverPath, payload })
  for (const url of [
    autodiscoverPath,
    '/Autodiscover/Autodiscover.xml',
    '/AutoDiscover/AutoDiscover.xml',
    '/AUTODISCOVER/AUTODISCOVER.XML',
    `${autodiscoverPath}/`,
    `${autodiscoverPath}?anything=at%20all`
  ]) {
    for (const host of ['autodiscover.example.com', 'example.com', 'srv-target.hoster.example']) {
      const answer = await app.inject({ method: 'POST', url, headers: { host }, payload })
      t.equal(answer.statusCode, 200, `${host}${url}`)
      t.equal(answer.body, body)
    }
  }
})

t.test('app: profiles are answered alike at each of their paths', async t => {
  const { app } = serveApp(t)
  const { body } = await app.inject('/email.mobileconfig?email=jane%40example.com')
  for (const url of [
    '/email.mobileconfig?email=jane%40example.com',
    '/email.mobileconfig/?email=jane@example.com',
    '/EMAIL.MobileConfig?EMAIL=jane@example.com',
    '/mobileconfig?emailaddress=jane@example.com',
    '/MobileConfig?emailaddress=jane%40example.com&name='
  ]) {
    const answer = await app.inject(url)
    t.equal(answer.statusCode, 200, url)
    t.equal(answer.body, body)
  }
})

t.test('app: a host is known in any spelling', async t => {
  const { app } = serveApp(t)
  for (const [host, domain] of [
    ['example.com', 'example.com'],
    ['EXAMPLE.com', 'example.com'],
    ['example.com:443', 'example.com'],
    ['example.com:', 'example.com'],
    ['example.com.', 'example.com'],
    ['autoconfig.example.com', 'example.com'],
    ['Autodiscover.EXAMPLE.com.:8443', 'example.com'],
    ['ua-auto-config.example.com', 'example.com'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['autoconfig.XN--BCHER-KVA.example', 'xn--bcher-kva.example'],
    ['autoconfig.bücher.example', 'xn--bcher-kva.example'],
    ['autoconfig.deep.below.customers.example', 'deep.below.customers.example'],
    ['autoconfig.mx1.hoster.example', 'example.com'],
    ['autoconfig.hoster.example', 'example.com']
  ] as const) {
    const answer = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host } })
    t.equal(answer.statusCode, 200, host)
    t.match(answer.body, `<domain>${domain}</domain>`)
  }
})

t.test('app: a host that is not served or invalid gets 404', async t => {
  const { app } = serveApp(t)
  for (const host of [
    'other.example',
    'customers.example',
    'autoconfig.com',
    'autoconfig.',
    'autoconfig.mx.example.com',
    'example.com.evil.example',
    'example.com, evil.example',
    'example.com@evil.example',
    'evil.example/example.com',
    '192.0.2.1:8080',
    '[2001:db8::1]',
    '[::1]:8080',
    '::1',
    'example..com',
    '-example.com',
    'bÃ¼cher.example',
    '.',
    ':80',
    '"',
    '%65xample.com',
    `${'x'.repeat(64)}.example.com`,
    `${'x.'.repeat(300)}customers.example`,
    ''
  ]) {
    const answer = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host } })
    t.equal(answer.statusCode, 404, host)
  }
})

t.test('app: a request without Host is answered by its address, or 404', async t => {
  const { app } = serveApp(t)
  const wire = await openWire(t, app)
  wire.send('GET /mail/config-v1.1.xml?emailaddress=jane@example.com HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  t.equal((await wire.receive()).status, 200)
  wire.send('GET /mail/config-v1.1.xml HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
  t.equal((await wire.receive()).status, 404)
  // Spec: RFC 9112 3.2: in HTTP/1.1 a missing Host is 400.
  wire.send('GET /mail/config-v1.1.xml?emailaddress=jane@example.com HTTP/1.1\r\n\r\n')
  t.equal((await wire.receive()).status, 400)
})

t.test('app: a missing page gets 404 with a short plain text', async t => {
  const { app } = serveApp(t)
  for (const url of [
    '/sitemap.xml',
    '/setup/a/b',
    '/apple-touch-icon.png',
    '/mail',
    '/mail/config-v1.0.xml',
    '/mail/config-v1.1.xml/more',
    '/mail/config-v1.1.xml;x=1',
    '//mail/config-v1.1.xml',
    '/mail/mozilla.xml',
    '/mail/config-v1.1.xml%00',
    '/%',
    '/%zz',
    '/%c3%28',
    '/%2e%2e/%2e%2e/etc/passwd',
    `/${'x'.repeat(8000)}`,
    '/autodiscover',
    '/autodiscover/autodiscover.xm',
    '/autodiscover/autodiscover.xml/junk',
    '/autodiscover/autodiscover.svc',
    '/Autodiscover/Autodiscover.svc/WSSecurity',
    '/EWS/Exchange.asmx',
    '/Microsoft-Server-ActiveSync',
    '/.well-known/com.apple.remotemanagement',
    // Observed: scanners for CVE-2021-34473 (ProxyShell) and CVE-2022-41040.
    '/autodiscover/autodiscover.json@Powershell.evil.example/owa/?&Email=autodiscover/autodiscover.json@evil.example'
  ]) {
    for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT'] as const) {
      const answer = await app.inject({ method, url, headers: { host: 'example.com' } })
      t.equal(answer.statusCode, 404, `${method} ${url}`)
      t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
      t.equal(answer.body, method === 'HEAD' ? '' : 'Nothing is served here. [AC_NOT_FOUND]\n')
    }
  }
})

t.test('app: refuses what scanners for ProxyShell ask of autodiscover.json, and sends nothing back of it', async t => {
  const { app } = serveApp(t)
  for (const url of [
    '/autodiscover/autodiscover.json?@evil.example/owa/&Email=autodiscover/autodiscover.json%3F@evil.example',
    '/autodiscover/autodiscover.json?@evil.example/mapi/nspi/?&Email=autodiscover/autodiscover.json%3f@evil.example'
  ]) {
    const answer = await app.inject({ url, headers: { host: 'example.com' } })
    t.equal(answer.statusCode, 400, url)
    t.notMatch(answer.body, /evil/)
  }
})

t.test('app: HEAD gives the headers of GET and no body', async t => {
  const { app } = serveApp(t)
  const headers = { host: 'example.com' }
  for (const url of [
    ...autoconfigPaths,
    autodiscoverPath,
    '/email.mobileconfig?email=jane@example.com',
    '/',
    '/mobileconfig'
  ]) {
    const get = await app.inject({ url, headers })
    const head = await app.inject({ method: 'HEAD', url, headers })
    t.equal(head.statusCode, get.statusCode, url)
    t.same({ ...head.headers, date: '' }, { ...get.headers, date: '' })
    t.equal(head.body, '')
  }
})

t.test('app: OPTIONS gets 204 with the allowed methods, and other origins may read only autoconfig', async t => {
  const { app } = serveApp(t)
  const origin = 'https://setup.example'
  for (const [paths, allow, crossOrigin] of [
    [autoconfigPaths, 'GET, HEAD, OPTIONS', '*'],
    [[autodiscoverPath], 'POST, GET, HEAD, OPTIONS', undefined],
    [applePaths, 'GET, HEAD, OPTIONS', undefined]
  ] as const) {
    for (const url of paths) {
      const headers = { origin, host: 'example.com', 'access-control-request-method': 'GET' }
      const preflight = await app.inject({ method: 'OPTIONS', url, headers })
      t.equal(preflight.statusCode, 204, url)
      t.equal(preflight.body, '')
      t.equal(preflight.headers['content-length'], undefined)
      t.equal(preflight.headers.allow, allow)
      t.equal(preflight.headers['access-control-allow-origin'], crossOrigin)
      t.equal(preflight.headers['access-control-allow-methods'], crossOrigin && allow)
      t.equal(preflight.headers['access-control-allow-headers'], crossOrigin && 'Authorization, Content-Type, *')
      const answer = await app.inject({
        url: `${url}?email=jane@example.com`,
        headers: { origin, host: 'example.com' }
      })
      t.equal(answer.statusCode, 200)
      t.equal(answer.headers['access-control-allow-origin'], crossOrigin)
    }
  }
})

t.test('app: other methods are 405 with Allow, unknown ones never 5xx', async t => {
  const { app } = serveApp(t)
  const headers = { host: 'example.com' }
  for (const url of [...autoconfigPaths, autodiscoverPath, ...applePaths]) {
    const { allow } = (await app.inject({ method: 'OPTIONS', url, headers })).headers
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'POST'] as const) {
      if (String(allow).includes(method)) continue
      const answer = await app.inject({ method, url, headers })
      t.equal(answer.statusCode, 405, `${method} ${url}`)
      t.equal(answer.headers.allow, allow)
      t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
      t.equal(answer.body, `This URL accepts ${allow}. [AC_METHOD_NOT_ALLOWED]\n`)
    }
  }
  for (const method of ['PROPFIND', 'MKCOL', 'REPORT', 'SEARCH', 'QUERY', 'PURGE', 'SUBSCRIBE', 'M-SEARCH', 'LOCK']) {
    for (const url of [...autoconfigPaths, autodiscoverPath, '/', '*']) {
      const wire = await openWire(t, app)
      wire.send(`${method} ${url} HTTP/1.1\r\nHost: example.com\r\n\r\n`)
      const { status } = await wire.receive()
      t.ok(status >= 400 && status < 500, `${method} ${url}`)
    }
  }
})

t.test('app: credentials of any kind change nothing and are never asked for', async t => {
  const { app } = serveApp(t)
  for (const [method, url] of [
    ['GET', '/mail/config-v1.1.xml'],
    ['GET', autodiscoverPath],
    ['POST', autodiscoverPath],
    ['GET', '/email.mobileconfig?email=jane@example.com'],
    ['GET', '/autodiscover/autodiscover.svc']
  ] as const) {
    const ask = async (headers: Record<string, string>) => {
      const payload = method === 'POST' ? poxRequest('jane@example.com') : ''
      const answer = await app.inject({ method, url, headers: { host: 'example.com', ...headers }, payload })
      return { status: answer.statusCode, headers: { ...answer.headers, date: '' }, body: answer.body }
    }
    const expected = await ask({})
    t.not(expected.status, 401)
    hasNone(t, expected.headers, ['www-authenticate', 'set-cookie'])
    for (const authorization of [
      'Basic amFuZTpzZWNyZXQ=',
      'Basic',
      'Basic %%%',
      'Negotiate YII=',
      'NTLM TlRM',
      'Bearer x.y.z',
      'x'
    ]) {
      t.same(await ask({ authorization, cookie: 'session=1' }), expected, `${method} ${url} ${authorization}`)
    }
  }
})

t.test('app: every answer says nosniff and names no software', async t => {
  const { app } = serveApp(t)
  const secure = { host: 'example.com' }
  const plain = { ...secure, 'x-forwarded-proto': 'http' }
  const outlook = { method: 'POST', url: autodiscoverPath, headers: secure } as const
  for (const [status, request] of [
    [200, { url: '/mail/config-v1.1.xml', headers: secure }],
    [200, { ...outlook, payload: poxRequest('jane@example.com') }],
    [200, { ...outlook, payload: '' }],
    [200, { url: '/email.mobileconfig?email=jane@example.com' }],
    [204, { method: 'OPTIONS', url: '/mail/config-v1.1.xml', headers: { host: 'example.com' } }],
    [302, { url: autodiscoverPath, headers: plain }],
    [400, { url: '/email.mobileconfig' }],
    [404, { url: '/nothing' }],
    [200, { url: '/' }],
    [404, { url: '/setup/nobody' }],
    [404, { url: '/%zz' }],
    [405, { method: 'PUT', url: '/mail/config-v1.1.xml' }],
    [413, { ...outlook, payload: ' '.repeat(20_000) }]
  ] as const) {
    const answer = await app.inject(request)
    t.equal(answer.statusCode, status)
    t.equal(answer.headers['x-content-type-options'], 'nosniff', `${status} ${request.url}`)
    hasNone(t, answer.headers, [
      'x-powered-by',
      'server',
      'etag',
      'x-soap-enabled',
      'set-cookie',
      'strict-transport-security'
    ])
  }
})

t.test('app: an error for which the framework blames the client is a 400, and is not logged as a failure', async t => {
  const source: Source = {
    ...createSource({ table: tableOf(exampleSettings) }),
    find() {
      throw Object.assign(new Error('the framework refuses this'), { statusCode: 415 })
    }
  }
  const { app, readLog } = serveApp(t, source)
  const answer = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host: 'example.com' } })
  t.equal(answer.statusCode, 400)
  t.match(answer.body, '[AC_BAD_REQUEST]')
  t.notMatch(answer.body, 'framework')
  t.notMatch(readLog(), 'request failed')
})

t.test('app: an internal error is a short 500 and is logged', async t => {
  const source: Source = {
    ...createSource({ table: tableOf(exampleSettings) }),
    find() {
      throw new Error('the disk is on fire')
    }
  }
  const { app, readLog } = serveApp(t, source)
  const answer = await app.inject({ url: '/mail/config-v1.1.xml', headers: { host: 'example.com' } })
  t.equal(answer.statusCode, 500)
  t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(answer.headers['cache-control'], 'no-store')
  t.equal(answer.body, 'Internal error; your request was not at fault. [AC_INTERNAL]\n')
  const lines = readLog().trimEnd().split('\n')
  t.match(lines[0], /^\{"level":"error",.*"code":"AC_INTERNAL".*"msg":"request failed"/)
  t.match(lines[0], 'the disk is on fire')
  t.match(lines[1], '"outcome":"failed"')
  t.equal(lines.length, 2)
})

t.test('app: follows its source without being created again', async t => {
  const source = { table: tableOf(exampleSettings) }
  const { app } = serveApp(t, source)
  const ask = () => app.inject({ url: '/mail/config-v1.1.xml', headers: { host: 'example.com' } })
  t.match((await ask()).body, 'imap.example.com')
  source.table = tableOf(exampleSettings.replace('imap.example.com', 'imap2.example.com'))
  t.match((await ask()).body, 'imap2.example.com')
  source.table = tableOf(exampleSettings.replace('domains: [example.com', 'domains: [elsewhere.example'))
  t.equal((await ask()).statusCode, 404)
})
