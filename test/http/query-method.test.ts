import t from 'tap'
import { administer } from '../support/admin/administer.ts'
import { openWire } from '../support/http/wire.ts'
import { serveApp } from '../support/served-app.ts'

const settings = `
providers:
  - id: example
    name: Example
    domains: [example.com]
    servers:
      - { protocol: imap, host: imap.example.com }
      - { protocol: smtp, host: smtp.example.com }
      - { protocol: caldav, url: "https://dav.example.com/" }
`

const publicPaths = [
  ['/.well-known/caldav', 307],
  ['/.well-known/carddav', 404],
  ['/.well-known/autoconfig/mail/config-v1.1.xml', 405],
  ['/autodiscover/autodiscover.xml', 405],
  ['/api/openapi.json', 405],
  ['/setup', 405],
  ['/', 405],
  ['/unknown', 404]
] as const

const adminPaths = [
  ['/metrics', 405],
  ['/internal/reload', 405],
  ['/internal/profile', 405],
  ['/unknown', 404]
] as const

const types = [{}, { 'content-type': 'application/sql' }]

t.test('query method: it is redirected or refused like other methods, with and without a type', async t => {
  const { app } = serveApp(t, settings)
  const { admin } = await administer(t)
  for (const [service, paths] of [
    [app, publicPaths],
    [admin, adminPaths]
  ] as const) {
    for (const [url, status] of paths) {
      for (const type of types) {
        const payload = 'SELECT 1'
        const headers = { host: 'example.com', ...type }
        const answer = await service.inject({ method: 'QUERY' as 'POST', url, headers, payload })
        t.equal(answer.statusCode, status, `${url} ${JSON.stringify(type)}`)
        if (status === 405) t.notMatch(answer.headers.allow, /QUERY/)
      }
    }
  }
})

t.test(
  'query method: it is answered wherever Allow lists it, and its content does not become the next request',
  async t => {
    const { app } = serveApp(t, settings)
    const wire = await openWire(t, app)
    const request = (method: string, more = '') =>
      wire.send(`${method} /.well-known/caldav HTTP/1.1\r\nHost: example.com\r\n${more || '\r\n'}`)
    request('OPTIONS', 'Origin: https://example.org\r\nAccess-Control-Request-Method: QUERY\r\n\r\n')
    const { status, headers } = await wire.receive()
    t.equal(status, 204)
    t.match(headers.allow, /\bQUERY\b/)
    t.match(headers['access-control-allow-methods'], /\bQUERY\b/)
    const content = 'GET /unknown HTTP/1.1\r\nHost: example.com\r\n\r\n'
    for (const more of ['', `Content-Length: ${content.length}\r\n\r\n${content}`]) {
      request('QUERY', more)
      const answer = await wire.receive()
      t.equal(answer.status, 307)
      t.equal(answer.headers.location, 'https://dav.example.com/')
    }
    request('GET')
    t.equal((await wire.receive()).status, 307, 'the response to the last request')
  }
)
