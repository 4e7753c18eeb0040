import { setTimeout as sleep } from 'node:timers/promises'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { createApp } from '../../src/app.ts'
import { createLogger } from '../../src/http/log/access-log.ts'
import { createTally } from '../../src/http/log/tally.ts'
import { createSource } from '../../src/sources/source.ts'
import { startRedisStub } from '../support/http/redis-stub.ts'
import { openWire } from '../support/http/wire.ts'
import { exampleSettings, serveApp } from '../support/served-app.ts'
import { tableOf } from '../support/table-of.ts'

const autoconfig = '/mail/config-v1.1.xml?emailaddress=jane@example.com'
const autodiscover = '/autodiscover/autodiscover.xml'
const tooLong = ' '.repeat(20_000)
const calm = 'limits: { overload: { delayMilliseconds: 0 } }\n'

/** @returns the only line of a log */
function lineOf(text: string) {
  if (!/^\{.*\}\n$/.test(text)) throw new Error(`expected one line, found ${JSON.stringify(text)}`)
  return JSON.parse(text)
}

const requests: readonly (readonly [status: number, dialect: string, InjectOptions])[] = [
  [200, 'thunderbird', { url: autoconfig }],
  [200, 'thunderbird', { url: autoconfig, method: 'HEAD' }],
  [204, 'thunderbird', { url: autoconfig, method: 'OPTIONS' }],
  [405, 'thunderbird', { url: autoconfig, method: 'PUT' }],
  [200, 'outlook', { url: autodiscover, method: 'POST', payload: 'nothing' }],
  [413, 'none', { url: autodiscover, method: 'POST', payload: tooLong }],
  [200, 'web', { url: '/' }],
  [204, 'web', { url: '/', method: 'OPTIONS' }],
  [405, 'web', { url: '/', method: 'PUT' }],
  [200, 'none', { url: '/api/openapi.json' }],
  [204, 'none', { url: '/api/openapi.json', method: 'OPTIONS' }],
  [405, 'none', { url: '/api/openapi.json', method: 'PUT' }],
  [404, 'none', { url: '/nowhere' }]
]

t.test('respond: the duration of each request begins with its arrival', async t => {
  const { app, readLog } = serveApp(t)
  app.addHook('onRequest', (_request, _reply, done) => void setTimeout(done, 20))
  for (const [status, dialect, request] of requests) {
    const what = `${request.method ?? 'GET'} ${request.url}`
    t.equal((await app.inject({ headers: { host: 'example.com' }, ...request })).statusCode, status, what)
    const line = lineOf(readLog())
    t.equal(line.dialect, dialect, what)
    t.ok(line.ms >= 19, `${what}: ${line.ms} ms`)
  }
})

t.test('respond: the duration of a request that is refused begins with its arrival, too', async t => {
  const redis = await startRedisStub(t)
  const rate = `rate: { requests: 1, seconds: 60, redis: "${redis.url}" }, overload: { delayMilliseconds: 0 }`
  const { app, readLog } = serveApp(t, `limits: { ${rate} }\n${exampleSettings}`)
  const ask = async (url: string) => (await app.inject({ url, remoteAddress: '203.0.113.7' })).statusCode
  for (let turn = 0; turn < 500 && redis.runs.size === 0; turn++) {
    await sleep(5)
    await ask(autoconfig)
  }
  redis.delayMs = 20
  /** Why several times: on a busy machine, Redis may be late, and is then skipped for a while. */
  const logged = async (url: string, status: number) => {
    for (let turn = 0; turn < 100; turn++) {
      readLog()
      const answered = await ask(url)
      const line = lineOf(readLog())
      if (answered === status && line.ms >= 19) return line
      await sleep(50)
    }
    return undefined
  }
  for (const url of [autoconfig, '/%zz']) {
    const { dialect, outcome } = (await logged(url, 429)) ?? {}
    t.same([dialect, outcome], ['none', 'refused'], url)
  }
  redis.runs.clear()
  t.ok(await logged('/%zz', 404))
})

t.test('respond: the logged duration of a refused request does not exceed its real duration', async t => {
  const { app, readLog } = serveApp(t)
  for (const [status, url] of [
    [414, `/${'x'.repeat(10_000)}`],
    [404, '/%zz']
  ] as const) {
    const before = performance.now()
    t.equal((await app.inject(url)).statusCode, status)
    const { ms } = lineOf(readLog())
    t.ok(ms > 0 && ms <= performance.now() - before, `${status}: ${ms} ms`)
  }
})

t.test('respond: malformed requests are logged and counted, too', async t => {
  const lines: string[] = []
  const table = tableOf(`${calm}${exampleSettings}`)
  const tally = createTally()
  const logger = createLogger({}, { write: line => lines.push(line) })
  const app = createApp({ source: createSource({ table }), logger, tally })
  t.teardown(() => app.close())
  for (const [status, domain, head] of [
    [400, undefined, 'GET /nowhere HTTP/1.1\r\n'],
    [400, 'example.com', 'GET /nowhere HTTP/1.1\r\nHost: example.com\r\nHost: other.example\r\n'],
    [400, undefined, 'GET http://jane@example.com/ HTTP/1.1\r\nHost: a b\r\nUser-Agent: curl/8\r\n'],
    [505, 'example.com', 'GET /nowhere HTTP/2.0\r\nHost: example.com\r\n']
  ] as const) {
    const wire = await openWire(t, app)
    const before = performance.now()
    wire.send(`${head}\r\n`)
    t.equal((await wire.receive()).status, status, head)
    const { ms, ...line } = lineOf(lines.splice(0).join(''))
    t.match(line, { dialect: 'none', outcome: 'refused', client: head.includes('curl') ? 'curl' : 'none' })
    t.equal(line.domain, domain)
    t.ok(ms > 0 && ms <= performance.now() - before, `${ms} ms`)
  }
  t.equal(
    [...tally.requests].reduce((sum, { count }) => sum + count, 0),
    4
  )
  t.equal(
    [...tally.durations].reduce((sum, { count }) => sum + count, 0),
    4
  )
})

t.test('respond: a page is logged and counted under the domain of its address', async t => {
  const lines: string[] = []
  const table = tableOf(`${calm}${exampleSettings}`)
  const tally = createTally(() => table)
  const logger = createLogger({}, { write: line => lines.push(line) })
  const app = createApp({ source: createSource({ table }), logger, tally })
  t.teardown(() => app.close())
  for (const [url, host, domain] of [
    ['/', 'autoconfig.example.com', 'example.com'],
    ['/setup', 'autoconfig.example.com', 'example.com'],
    ['/setup?email=nothing', 'autoconfig.example.com', 'example.com'],
    ['/setup/example', 'autoconfig.example.com', 'example.com'],
    ['/robots.txt', 'autoconfig.example.com', 'example.com'],
    ['/favicon.ico', 'example.com', 'example.com'],
    ['/setup?email=jane@example.com', 'other.example', 'example.com'],
    ['/setup?email=jane@a.customers.example', 'autoconfig.example.com', 'a.customers.example'],
    ['/setup?email=jane@other.example', 'other.invalid', 'other.example'],
    ['/', 'other.example', 'other.example']
  ] as const) {
    await app.inject({ url, headers: { host } })
    t.match(lineOf(lines.splice(0).join('')), { dialect: 'web', domain }, `${host}${url}`)
  }
  const counts = new Map<string | undefined, number>()
  for (const { labels, count } of tally.requests) counts.set(labels.domain, (counts.get(labels.domain) ?? 0) + count)
  t.same(Object.fromEntries(counts), { 'example.com': 7, '*.customers.example': 1, other: 2 })
  const headers = { host: 'autoconfig.example.com', 'x-forwarded-proto': 'http' }
  await app.inject({ url: '/setup?email=jane@a.customers.example', headers, remoteAddress: '127.0.0.1' })
  t.match(lineOf(lines.splice(0).join('')), { dialect: 'web', domain: 'example.com', outcome: 'redirected' })
})
