/**
 * Domains that a source looks up elsewhere, and lookups that fail.
 */
import t from 'tap'
import { errors } from '../../src/errors.ts'
import { type AccountQuestion, resolve } from '../../src/settings/question/resolution-order.ts'
import { createSource, type Source } from '../../src/sources/source.ts'
import { poxRequest } from '../support/pox-request.ts'
import { exampleSettings, serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const table = tableOf(exampleSettings)
const customers = tableOf(exampleSettings.replace('domains: [example.com', 'domains: [late.example, other.example'))

/** All kinds of requests for late.example. */
const requests = [
  { url: '/mail/config-v1.1.xml?emailaddress=jane@late.example' },
  { url: '/mail/config-v1.1.xml', headers: { host: 'autoconfig.late.example' } },
  { url: '/v1.1/late.example' },
  { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest('jane@late.example') },
  { url: '/email.mobileconfig?email=jane@late.example' },
  { url: '/api/settings?email=jane@late.example' },
  { url: '/setup?email=jane@late.example' },
  { url: '/setup?email=jane', headers: { host: 'late.example' } },
  { url: '/', headers: { host: 'late.example' } }
] as const

const options = { method: 'OPTIONS', url: '/mail/config-v1.1.xml?emailaddress=jane@late.example' } as const

/** A source that looks domains up elsewhere, and its calls. */
function lateSource(answer: () => Promise<typeof table>): { source: Source; calls: AccountQuestion[] } {
  const calls: AccountQuestion[] = []
  const find = async (question: AccountQuestion) => {
    calls.push(question)
    return resolve(await answer(), question)
  }
  return { source: { ...createSource({ table }), table, find }, calls }
}

t.test('serving: a domain from another source gets the same response as one of the table', async t => {
  const { app, readLog } = serveApp(t, lateSource(async () => customers).source)
  for (const request of requests) {
    const answer = await app.inject(request)
    t.match(answer.statusCode, request.url === '/setup?email=jane' ? 400 : 200, request.url)
    t.match(answer.body, /example\.com|Example/, request.url)
  }
  t.equal((await app.inject(options)).statusCode, 204)
  t.notMatch(readLog(), 'request failed')
})

t.test('serving: while the directory is unreachable, programs get a response that makes them retry', async t => {
  const { app, readLog } = serveApp(t, lateSource(() => Promise.reject(errors.unavailable())).source)
  for (const request of [...requests, options]) {
    const answer = await app.inject(request)
    t.equal(answer.statusCode, 503, request.url)
    t.equal(answer.headers['retry-after'], '5')
    t.equal(answer.headers['cache-control'], 'no-store')
    t.equal(answer.headers['content-type'], 'text/plain; charset=utf-8')
    t.notMatch(answer.body, /late\.example|jane/)
    t.match(readLog(), /^\{[^\n]*"outcome":"failed"[^\n]*\}\n$/, request.url)
  }
})

t.test('serving: any other error of a source gets 500 and is logged', async t => {
  const { app, readLog } = serveApp(t, lateSource(() => Promise.reject(new Error('no such column'))).source)
  for (const request of [...requests, options]) {
    t.equal((await app.inject(request)).statusCode, 500, request.url)
    t.match(readLog(), 'no such column')
  }
})

t.test('serving: the source looks up the domain, and the host if it matters', async t => {
  const { source, calls } = lateSource(async () => customers)
  const { app } = serveApp(t, source)
  const plain = { host: 'other.example', 'x-forwarded-proto': 'http' }
  for (const [request, expected] of [
    [
      { url: '/mail/config-v1.1.xml?emailaddress=jane@late.example' },
      [{ domain: 'late.example', host: 'localhost:80' }]
    ],
    [{ url: '/v1.1/late.example' }, [{ domain: 'late.example', host: 'localhost:80', strict: true }]],
    [{ url: '/api/settings?email=jane@late.example', headers: plain }, [{ domain: undefined, host: 'other.example' }]],
    [{ url: '/setup', headers: plain }, [{ domain: undefined, host: 'other.example' }]],
    [{ url: '/email.mobileconfig' }, []],
    [{ url: '/setup/example' }, []],
    [{ url: '/favicon.ico' }, []],
    [{ url: '/robots.txt' }, []],
    [
      { url: '/setup?email=jane@late.example', headers: { host: 'other.example' } },
      [
        { domain: 'late.example', host: 'other.example' },
        { domain: undefined, host: 'other.example' }
      ]
    ]
  ] as const) {
    await app.inject(request)
    const lookups = calls.splice(0).map(({ domain, host, strict }) => ({ domain, host, ...(strict && { strict }) }))
    t.same(lookups, expected, request.url)
  }
})

t.test('serving: a redirect may point to a host from another source', async t => {
  const { app } = serveApp(t, lateSource(async () => customers).source)
  const headers = { host: 'autodiscover.late.example', 'x-forwarded-proto': 'http' }
  for (const url of ['/autodiscover/autodiscover.xml', '/setup?email=jane@late.example']) {
    const answer = await app.inject({ url, headers })
    t.equal(answer.statusCode, 302)
    t.equal(answer.headers.location, `https://autodiscover.late.example${url}`)
  }
})

t.test('serving: every lookup counts for the client of the request', async t => {
  const { source, calls } = lateSource(async () => customers)
  const { app } = serveApp(t, source)
  for (const request of requests) {
    const headers = { 'x-forwarded-for': '203.0.113.9', ...('headers' in request && request.headers) }
    await app.inject({ ...request, headers, remoteAddress: '127.0.0.1' })
    t.ok(calls.length > 0, request.url)
    for (const { client } of calls.splice(0)) t.equal(client?.[0], '203.0.113.9', request.url)
  }
})
