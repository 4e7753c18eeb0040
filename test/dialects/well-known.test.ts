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

t.test('well-known: any table redirects to what it has, in ASCII, or answers 404', async () => {
  let redirected = 0
  fc.assert(
    fc.property(anyFullTable, ({ table, domain }) => {
      const { servers = [] } = table.settings.providers[0] ?? {}
      for (const name of ['caldav', 'carddav', 'jmap']) {
        const told = ask(`/.well-known/${name}`, domain, table)
        const url = servers.find(({ protocol }) => protocol === name)?.url
        if (url === undefined) {
          assert(told === undefined || told.status === 404)
          continue
        }
        redirected += 1
        assert.equal(told?.status, 307)
        const location = String(told?.headers.location)
        assert.match(location, /^https:[!-~]+$/)
        assert.equal(location, new URL(url.replaceAll('%EMAILDOMAIN%', domain)).href)
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

t.test('well-known: any host that is served is answered, and the domain stands in the URL', async t => {
  for (const host of ['example.com', 'EXAMPLE.com.', 'autoconfig.example.com:443', 'autodiscover.example.com']) {
    t.equal(ask('/.well-known/caldav', host)?.headers.location, 'https://dav.example.com/cal', host)
  }
  t.equal(ask('/.well-known/caldav', 'a.customers.example')?.headers.location, 'https://dav.a.customers.example/cal')
  t.equal(ask('/.well-known/jmap')?.headers.location, 'https://jmap.example.com/s')
})

t.test('well-known: what is not offered is a real 404, and so is an unknown host', async t => {
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
      t.equal(body, 'Nothing is served here.\n')
    }
  }
  t.notMatch(readLog(), /redirected|failed/)
})

t.test('well-known: never redirects to the address that was asked', async t => {
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

t.test('well-known: OPTIONS tells the methods, and others are 405', async t => {
  const { app } = serveApp(t, seed)
  const options = await app.inject({ method: 'OPTIONS', url: '/.well-known/caldav' })
  t.equal(options.statusCode, 204)
  t.equal(options.headers.allow, 'GET, PROPFIND, HEAD, OPTIONS')
  t.equal((await app.inject({ method: 'POST', url: '/.well-known/caldav' })).statusCode, 405)
})
