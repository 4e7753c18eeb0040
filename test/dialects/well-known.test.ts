import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { wellKnown } from '../../src/dialects/well-known.ts'
import { anyFullTable } from '../support/arbitraries/full-table.ts'
import { answerOf } from '../support/dialects/answer-of.ts'
import { serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const settings = (servers: string) => `
providers:
  - id: example
    name: Example
    domains: [example.com, "*.customers.example"]
    servers: [${servers}]
  - id: mail
    name: Mail
    domains: [mail.example]
    servers: [{ protocol: imap, host: imap.mail.example }]
`
const dav =
  '{ protocol: caldav, url: "https://dav.%EMAILDOMAIN%/cal" }, { protocol: jmap, url: https://jmap.example.com/s }'
const seed = settings(dav)

const ask = (url: string, host = 'example.com', table = tableOf(seed)) => answerOf(wellKnown, table, { url, host })

t.test('well-known: any table redirects to its services, in ASCII, or answers 404', async () => {
  let redirected = 0
  fc.assert(
    fc.property(anyFullTable, ({ table, domain }) => {
      const { servers = [] } = table.settings.providers[0] ?? {}
      for (const name of ['caldav', 'carddav', 'jmap']) {
        const response = ask(`/.well-known/${name}`, domain, table)
        const url = servers.find(({ protocol }) => protocol === name)?.url
        if (url === undefined) {
          assert(response === undefined || response.status === 404)
          continue
        }
        redirected += 1
        assert.equal(response?.status, 307)
        const location = String(response?.headers.location)
        assert.match(location, /^https:[!-~]+$/)
        assert.equal(location, new URL(url.replaceAll('%EMAILDOMAIN%', domain).replace(/%EMAILLOCALPART%.*/, '')).href)
      }
    })
  )
  assert(redirected > 10, 'many tables have such a server')
})

t.test('well-known: redirects with 307, so that PROPFIND stays PROPFIND', async t => {
  const { app } = serveApp(t, seed)
  for (const url of ['/.well-known/caldav', '/.well-known/caldav/', '/.WELL-KNOWN/CalDAV', '/.well-known/caldav?x=1']) {
    for (const method of ['GET', 'HEAD', 'PROPFIND'] as const) {
      const payload = method === 'PROPFIND' ? '<propfind xmlns="DAV:"><prop/></propfind>' : ''
      const { statusCode, headers, body } = await app.inject({ method, url, headers: { host: 'example.com' }, payload })
      t.equal(statusCode, 307, `${method} ${url}`)
      t.match(headers, {
        location: 'https://dav.example.com/cal',
        'cache-control': 'public, max-age=3600',
        'content-length': '0'
      })
      t.equal(body, '')
    }
  }
})

t.test('well-known: every served host gets a redirect, and the URL contains the domain', async t => {
  for (const host of ['example.com', 'EXAMPLE.com.', 'autoconfig.example.com:443', 'autodiscover.example.com']) {
    t.equal(ask('/.well-known/caldav', host)?.headers.location, 'https://dav.example.com/cal', host)
  }
  t.equal(ask('/.well-known/caldav', 'a.customers.example')?.headers.location, 'https://dav.a.customers.example/cal')
  t.equal(ask('/.well-known/jmap')?.headers.location, 'https://jmap.example.com/s')
})

t.test('well-known: an unavailable service and an unknown host get a real 404', async t => {
  const { app, readLog } = serveApp(t, seed)
  for (const [host, url] of [
    ['example.com', '/.well-known/carddav'],
    ['mail.example', '/.well-known/caldav'],
    ['other.example', '/.well-known/caldav'],
    ['example.com', '/.well-known/webdav'],
    ['example.com', '/.well-known/']
  ] as const) {
    for (const method of ['GET', 'PROPFIND'] as const) {
      const { statusCode, headers, body } = await app.inject({ method, url, headers: { host } })
      t.equal(statusCode, 404, `${method} ${host}${url}`)
      t.match(headers, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
      t.equal(body, 'Nothing is served here. [AC_NOT_FOUND]\n')
    }
  }
  t.notMatch(readLog(), /redirected|failed/)
})

t.test('well-known: never redirects to the requested URL', async t => {
  const table = (url: string) => tableOf(settings(`{ protocol: jmap, url: "${url}" }`))
  t.equal(ask('/.well-known/jmap', 'example.com', table('https://%EMAILDOMAIN%:443/.well-known/jmap'))?.status, 404)
  const elsewhere = 'https://jmap.example.com/.well-known/jmap'
  t.equal(ask('/.well-known/jmap', 'example.com', table(elsewhere))?.headers.location, elsewhere)
})

t.test('well-known: a URL with letters of any script becomes ASCII', async t => {
  const table = tableOf(settings('{ protocol: carddav, url: https://пример.example/карта }'))
  t.equal(
    ask('/.well-known/carddav', 'example.com', table)?.headers.location,
    'https://xn--e1afmkfd.example/%D0%BA%D0%B0%D1%80%D1%82%D0%B0'
  )
})

const everyMethod = [
  ...(['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'QUERY'] as const),
  ...(['PROPFIND', 'REPORT', 'MKCALENDAR', 'LOCK'] as const)
]

t.test('well-known: every method is redirected if there is a target, and 404 otherwise', async t => {
  const { app } = serveApp(t, seed)
  for (const method of everyMethod) {
    for (const [host, url, status] of [
      ['example.com', '/.well-known/caldav', 307],
      ['www.example.com', '/.well-known/jmap', 307],
      ['example.com', '/.well-known/carddav', 404],
      ['mail.example', '/.well-known/caldav', 404],
      ['other.example', '/.well-known/jmap', 404]
    ] as const) {
      const answer = await app.inject({ method: method as 'GET', url, headers: { host } })
      t.equal(answer.statusCode, status, `${method} ${host}${url}`)
      t.equal(answer.headers.allow, undefined)
      t.equal(answer.headers['access-control-allow-origin'], status === 307 ? '*' : undefined)
    }
  }
})

t.test('well-known: a CORS preflight is answered as such if there is a target, and 404 otherwise', async t => {
  const { app } = serveApp(t, seed)
  const preflight = (host: string, url: string) =>
    app.inject({
      method: 'OPTIONS',
      url,
      headers: {
        host,
        origin: 'https://webmail.example.org',
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization, x-invented'
      }
    })
  const answer = await preflight('example.com', '/.well-known/jmap')
  t.equal(answer.statusCode, 204)
  t.equal(answer.headers['access-control-allow-origin'], '*')
  t.match(answer.headers['access-control-allow-methods'], /\bGET, /)
  t.equal(answer.headers['access-control-allow-headers'], 'Authorization, Content-Type, *')
  for (const method of everyMethod) t.match(answer.headers.allow, new RegExp(`\\b${method}\\b`))
  for (const [host, url] of [
    ['example.com', '/.well-known/carddav'],
    ['mail.example', '/.well-known/caldav'],
    ['other.example', '/.well-known/jmap']
  ] as const) {
    t.equal((await preflight(host, url)).statusCode, 404, host)
  }
})

t.test('well-known: at any host, OPTIONS of the other paths lists methods only if they are served there', async t => {
  const more = `http: { publicUrl: "https://signpost.example.net" }${seed}`
  const { app } = serveApp(t, `${more}    dialects: { apple: false }\n`)
  const pox = '/autodiscover/autodiscover.xml'
  for (const [host, url, allow] of [
    ['example.com', '/mail/config-v1.1.xml', undefined],
    ['mail.example', pox, 'POST, GET, HEAD, OPTIONS'],
    ['example.com', pox, undefined],
    ['mail.example', '/email.mobileconfig', undefined],
    ['signpost.example.net', pox, 'POST, GET, HEAD, OPTIONS'],
    ['signpost.example.net', '/mail/config-v1.1.xml', undefined],
    ['signpost.example.net', '/api/settings', 'GET, HEAD, OPTIONS'],
    ['other.example', '/api/settings?email=jane@example.com', 'GET, HEAD, OPTIONS'],
    ['other.example', '/api/settings?email=jane@other.example', undefined],
    ['other.example', '/api/settings', undefined],
    ['mail.example', '/setup/mail', 'GET, HEAD, OPTIONS'],
    ['mail.example', '/setup/unknown', undefined]
  ] as const) {
    const answer = await app.inject({ method: 'OPTIONS', url, headers: { host } })
    t.equal(answer.headers.allow, allow, `${host}${url}`)
    t.equal(answer.statusCode, allow === undefined ? 404 : 204)
  }
})
