import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import t, { type Test } from 'tap'
import { createTlsAsk } from '../../src/admin/tls-ask.ts'
import { errors } from '../../src/errors.ts'
import { createSource } from '../../src/sources/source.ts'
import { administer } from '../support/admin/administer.ts'
import { respond, startDnsServer } from '../support/network/dns-server.ts'
import { tableOf } from '../support/table-of.ts'

const providers = `
providers:
  - id: hoster
    name: Hoster
    domains: [hoster.example, müller.example, "*.pattern.example"]
    mx: [mx1.hoster.example, "*.in.hoster.example"]
    servers: [{ protocol: imap, host: imap.hoster.example }, { protocol: smtp, host: smtp.hoster.example }]
  - id: rest
    name: Everybody else
    domains: ["*"]
    servers: [{ protocol: imap, host: imap.rest.example }, { protocol: smtp, host: smtp.rest.example }]
`

/** All sources of domains: customer.example is in the directory, by-mx.example has our MX record. */
async function start(t: Test, tlsAsk = '{}') {
  const server = await startDnsServer(asked => {
    const answer = { type: 'MX', name: asked.name, ttl: 60, preference: 1, exchange: 'mx1.hoster.example' } as const
    return respond(asked, { answers: asked.name.toLowerCase() === 'by-mx.example' ? [answer] : [] })
  })
  t.teardown(server.stop)
  const settings = `
http: { publicUrl: "https://Signpost.hoster.example:8443" }
admin: { tlsAsk: ${tlsAsk} }
mxLookup: { resolvers: ["${server.place}"] }
directory: { type: sqlite, file: domains.sqlite, query: "SELECT name AS domain, 'hoster' AS provider FROM domain WHERE name = :domain" }
${providers}`
  const { admin, metrics, file } = await administer(t, settings)
  const database = new DatabaseSync(join(dirname(file), 'domains.sqlite'))
  database.exec("CREATE TABLE domain (name TEXT); INSERT INTO domain VALUES ('customer.example')")
  database.close()
  return {
    admin,
    metrics,
    dns: server,
    ask: async (domain: string) =>
      (await admin.inject(`/internal/tls-ask?domain=${encodeURIComponent(domain)}`)).statusCode
  }
}

t.test(
  'tls-ask: discovery hosts of listed domains and of the directory, and this service, may have certificates',
  async t => {
    const { ask, metrics, dns } = await start(t)
    for (const name of [
      'autoconfig.hoster.example',
      'AutoDiscover.Hoster.Example.',
      'ua-auto-config.hoster.example',
      'autoconfig.xn--mller-kva.example',
      'autoconfig.customer.example',
      'autodiscover.customer.example',
      'signpost.hoster.example',
      'autoconfig.in.hoster.example',
      'autoconfig.mx1.hoster.example'
    ]) {
      t.equal(await ask(name), 200, name)
    }
    t.same(dns.queries, [])
    t.equal((await metrics()).figureOf('signpost_tls_ask_total', { answer: 'served' }), 9)
  }
)

t.test('tls-ask: no other host may have one, even with a default provider', async t => {
  const { ask, metrics, dns } = await start(t)
  for (const name of [
    'autoconfig.stranger.example',
    'autoconfig.by-mx.example',
    'autoconfig.a.pattern.example',
    'autoconfig.mx7.in.hoster.example',
    'autoconfig.autoconfig.hoster.example',
    'autoconfig',
    'autoconfig.',
    'hoster.example',
    'customer.example',
    'www.hoster.example',
    'autoconfig.www.hoster.example',
    'mail.customer.example',
    '127.0.0.1',
    '[::1]',
    "autoconfig.hoster.example' OR 1=1",
    `autoconfig.${'a'.repeat(300)}.example`,
    ''
  ]) {
    t.equal(await ask(name), 404, name)
  }
  t.same(dns.queries, [], 'the DNS of unknown domains is not queried')
  t.equal((await metrics()).figureOf('signpost_tls_ask_total', { answer: 'not-served' }), 17)
})

t.test('tls-ask: patterns and MX records are accepted if the settings allow them', async t => {
  const { ask, metrics } = await start(t, '{ patterns: true, mx: true }')
  for (const name of [
    'autoconfig.a.pattern.example',
    'autodiscover.mx7.in.hoster.example',
    'autoconfig.by-mx.example'
  ]) {
    t.equal(await ask(name), 200, name)
  }
  for (const name of ['a.pattern.example', 'by-mx.example', 'autoconfig.stranger.example']) {
    t.equal(await ask(name), 404, name)
  }
  const { figureOf } = await metrics()
  t.equal(figureOf('signpost_mx_lookups_total', { result: 'miss' }), 2)
  t.same(
    ['known', 'unknown'].map(kind => figureOf('signpost_mx_kept_domains', { kind })),
    [1, 1]
  )
})

t.test('tls-ask: after a reload, the directory and the DNS are queried again', async t => {
  const { admin, ask, dns } = await start(t, '{ mx: true }')
  for (const count of [1, 1]) {
    t.equal(await ask('autoconfig.by-mx.example'), 200)
    t.equal(dns.queries.length, count)
  }
  t.equal((await admin.inject({ method: 'POST', url: '/internal/reload' })).statusCode, 200)
  t.equal(await ask('autoconfig.by-mx.example'), 200)
  t.equal(dns.queries.length, 2)
})

t.test('tls-ask: a request without a name or with two is 400, and nothing is reflected', async t => {
  const { admin, ask } = await start(t)
  for (const url of ['/internal/tls-ask', '/internal/tls-ask?domain=a.example&domain=b.example']) {
    t.equal((await admin.inject(url)).statusCode, 400, url)
  }
  const { headers, body } = await admin.inject('/internal/tls-ask?domain=autoconfig.s3cret.example')
  t.match(headers, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  t.equal(body, '{"served":false}\n')
  t.equal(await ask('autoconfig.hoster.example'), 200)
})

t.test('tls-ask: 503 while the directory is unavailable, and listed domains are still answered', async t => {
  const directory =
    'directory: { type: sqlite, file: none.sqlite, query: "SELECT name AS domain FROM domain WHERE name = :domain" }'
  const { admin, metrics } = await administer(t, `${directory}\n${providers}`)
  const { statusCode, headers } = await admin.inject('/internal/tls-ask?domain=autoconfig.customer.example')
  t.same([statusCode, headers['retry-after']], [503, '5'])
  t.equal((await admin.inject('/internal/tls-ask?domain=autoconfig.hoster.example')).statusCode, 200)
  t.equal((await metrics()).figureOf('signpost_tls_ask_total', { answer: 'unavailable' }), 1)
})

t.test('tls-ask: unexpected errors are not hidden', async t => {
  const known = createSource({ table: tableOf(providers) })
  const failing = (error: Error) => createTlsAsk({ ...known, lookUp: () => Promise.reject(error) }, { patterns: false })
  await t.rejects(failing(new TypeError('a fault')).answer('autoconfig.a.example'), { message: 'a fault' })
  await t.rejects(failing(errors.internal()).answer('autoconfig.a.example'), { code: 'AC_INTERNAL' })
})
