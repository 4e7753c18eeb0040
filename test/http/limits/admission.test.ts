import { type FastifyInstance, fastify } from 'fastify'
import t from 'tap'
import { createPressure } from '../../../src/http/limits/pressure.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { fixed } from '../../support/fixed.ts'
import { hasNone } from '../../support/has-none.ts'
import { startRedisStub } from '../../support/http/redis-stub.ts'
import { openWire } from '../../support/http/wire.ts'
import { poxRequest } from '../../support/pox-request.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

const autoconfig = '/mail/config-v1.1.xml?emailaddress=jane@example.com'
const stranger = '203.0.113.7'

/** @param limits in YAML */
const settingsWith = (limits: string) => `limits: { ${limits} }\n${exampleSettings}`

interface InjectedRequest {
  readonly remoteAddress?: string
  readonly method?: 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'PUT'
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly payload?: string
}

async function ask(app: FastifyInstance, request: InjectedRequest = {}) {
  return await app.inject({ url: autoconfig, remoteAddress: stranger, ...request })
}

/** @returns the statuses of so many sequential requests */
async function statuses(app: FastifyInstance, count: number, request: InjectedRequest = {}): Promise<number[]> {
  const answers: number[] = []
  for (let at = 0; at < count; at++) answers.push((await ask(app, request)).statusCode)
  return answers
}

/** Repeats the check until it succeeds, or the test times out. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setTimeout(resolve, 5))
}

t.test('admission: a client that sends too many requests gets Retry-After', async t => {
  const { app, readLog } = serveApp(t, settingsWith('rate: { requests: 5, seconds: 60 }'))
  t.same(await statuses(app, 5), [200, 200, 200, 200, 200])
  readLog()
  const refused = await ask(app, { headers: { 'user-agent': 'curl/8' } })
  t.equal(refused.statusCode, 429)
  const seconds = Number(refused.headers['retry-after'])
  t.ok(seconds > 50 && seconds <= 60, `${seconds}`)
  t.equal(refused.headers['content-type'], 'text/plain; charset=utf-8')
  t.equal(refused.headers['cache-control'], 'no-store')
  t.equal(refused.headers['x-content-type-options'], 'nosniff')
  t.equal(refused.body, 'Too many requests from your network; try again later. [AC_TOO_MANY_REQUESTS]\n')
  t.match(readLog(), /"dialect":"none",.*"outcome":"refused","status":429,"client":"curl"/)
  hasNone(t, refused.headers, ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'])
})

t.test('admission: all requests count, including those for unknown paths', async t => {
  const { app } = serveApp(t, settingsWith('rate: { requests: 7, seconds: 60 }'))
  for (const [request, status] of [
    [{}, 200],
    [{ method: 'HEAD' }, 200],
    [{ method: 'OPTIONS' }, 204],
    [{ method: 'PUT' }, 405],
    [{ method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest('jane@example.com') }, 200],
    [{ url: '/nowhere' }, 404],
    [{ url: '/%zz' }, 404]
  ] as const) {
    t.equal((await ask(app, request)).statusCode, status)
  }
  for (const request of [
    {},
    { method: 'OPTIONS' },
    { method: 'PUT' },
    { method: 'POST', url: '/autodiscover/autodiscover.xml', payload: poxRequest('jane@example.com') },
    { url: '/nowhere' },
    { url: '/%zz' },
    { url: '/' },
    { url: '/api/openapi.json' }
  ] as const) {
    t.equal((await ask(app, request)).statusCode, 429, JSON.stringify(request))
  }
  const head = await ask(app, { method: 'HEAD' })
  t.equal(head.statusCode, 429)
  t.equal(head.body, '')
})

t.test('admission: each client is counted separately, and loopback is not counted', async t => {
  const { app } = serveApp(t, settingsWith('rate: { requests: 1, seconds: 60 }'))
  t.same(await statuses(app, 2), [200, 429])
  t.same(await statuses(app, 2, { remoteAddress: '203.0.113.8' }), [200, 429])
  t.same(await statuses(app, 1, { remoteAddress: '::ffff:203.0.113.8' }), [429])
  t.same(await statuses(app, 2, { remoteAddress: '2001:db8::1' }), [200, 429])
  t.same(await statuses(app, 1, { remoteAddress: '2001:db8::2' }), [429])
  t.same(await statuses(app, 1, { remoteAddress: '2001:db8:0:1::2' }), [200])
  t.same(await statuses(app, 3, { remoteAddress: '127.0.0.1' }), [200, 200, 200])
})

/** @returns how many requests are admitted, each from the next address */
async function letIn(app: FastifyInstance, addresses: Iterable<string>): Promise<number> {
  let count = 0
  for (const remoteAddress of addresses) if ((await ask(app, { remoteAddress })).statusCode === 200) count++
  return count
}

/** @returns addresses of the /64 networks in `prefix`, one network after the other */
function addressesOf(prefix: string, { networks, each }: { networks: number; each: number }): string[] {
  const hosts = Array.from({ length: networks }, (_, at) => `${prefix}${at.toString(16).padStart(2, '0')}::1`)
  return Array.from({ length: each }, () => hosts).flat()
}

t.test('admission: the /64 networks of a /56, and those of a /48, are limited together', async t => {
  const { app } = serveApp(t, settingsWith('rate: { requests: 10, seconds: 60 }'))
  t.equal(await letIn(app, addressesOf('2001:db8:1:a', { networks: 21, each: 5 })), 20, 'a /56 has twice the limit')
  t.equal(await letIn(app, addressesOf('2001:db8:1:b', { networks: 21, each: 5 })), 20)
  t.equal(await letIn(app, addressesOf('2001:db8:1:c', { networks: 21, each: 5 })), 0, 'a /48 has four times the limit')
  t.same(await statuses(app, 1, { remoteAddress: '2001:db8:2::1' }), [200], 'other networks are not affected')
  const refused = await ask(app, { remoteAddress: '2001:db8:1:d00::1' })
  t.ok(Number(refused.headers['retry-after']) > 50)
})

t.test('admission: the addresses of an IPv4 /24 are limited together', async t => {
  const { app } = serveApp(t, settingsWith('rate: { requests: 10, seconds: 60 }'))
  const addresses = Array.from({ length: 100 }, (_, at) => `203.0.113.${at}`)
  t.equal(await letIn(app, addresses), 20)
  t.same(await statuses(app, 1, { remoteAddress: '203.0.112.1' }), [200])
})

t.test('admission: refused requests of a client do not use up the limit of its network', async t => {
  const { app } = serveApp(t, settingsWith('rate: { requests: 10, seconds: 60 }'))
  t.equal(await letIn(app, Array<string>(50).fill('203.0.113.7')), 10)
  t.equal(await letIn(app, Array<string>(50).fill('203.0.113.8')), 10)
  t.equal(await letIn(app, Array<string>(50).fill('2001:db8:1:a00::1')), 10)
  t.equal(await letIn(app, Array<string>(50).fill('2001:db8:1:a01::1')), 10)
})

t.test('admission: the networks of a client are limited in Redis, too', async t => {
  const redis = await startRedisStub(t)
  const settings = settingsWith(`rate: { requests: 10, seconds: 60, redis: "${redis.url}" }`)
  const instances = [serveApp(t, settings), serveApp(t, settings)]
  for (const { app } of instances) {
    redis.runs.clear()
    await until(async () => (await ask(app)).statusCode === 200 && redis.runs.size > 0)
  }
  redis.runs.clear()
  const counts: number[] = []
  for (const { app } of instances) {
    counts.push(await letIn(app, addressesOf('2001:db8:1:a', { networks: 21, each: 1 })))
  }
  t.same(counts, [20, 0])
  t.equal(redis.runs.get('signpost-rate-2001:db8:1:a00::/56'), 20)
})

t.test('admission: a trusted proxy reports the client', async t => {
  const { app, readLog } = serveApp(t, settingsWith('rate: { requests: 1, seconds: 60, allow: [] }'))
  const named = (client: string) => ({ remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': client } })
  t.same(await statuses(app, 2, named(stranger)), [200, 429])
  t.same(await statuses(app, 1, named(`198.51.100.1, ${stranger}`)), [429])
  t.same(await statuses(app, 2, named('198.51.100.1')), [200, 429])
  t.same(
    await statuses(app, 3, { remoteAddress: '127.0.0.1' }),
    [200, 200, 200],
    'requests without a reported client are admitted'
  )
  t.notMatch(readLog(), 'trustProxy')
})

t.test('admission: forwarding headers of an untrusted proxy are ignored, which is logged once', async t => {
  const { app, readLog } = serveApp(t, settingsWith('rate: { requests: 1, seconds: 60 }'))
  const warning = /"level":"warn".*http\.trustProxy/g
  const claims = { headers: { 'x-forwarded-for': '127.0.0.1' } }
  t.same(await statuses(app, 3, claims), [200, 429, 429])
  t.equal(readLog().match(warning)?.length, 1)
  await statuses(app, 2, { ...claims, remoteAddress: '10.0.0.1' })
  t.notMatch(readLog(), warning)

  const behind = serveApp(t, settingsWith('rate: { requests: 1, seconds: 60 }'))
  t.same(await statuses(behind.app, 3, { ...claims, remoteAddress: '10.0.0.1' }), [200, 200, 200])
  const log = behind.readLog()
  t.equal(log.match(warning)?.length, 1)
  t.notMatch(log, '10.0.0.1')
})

t.test('admission: 0 requests is no limit', async t => {
  const { app } = serveApp(t, settingsWith('rate: { requests: 0, allow: [] }'))
  t.same(new Set(await statuses(app, 50)), new Set([200]))
})

t.test('admission: refuses before a body is read, and serves the next request of the connection', async t => {
  const { app } = serveApp(
    t,
    // Why no limit for the delay: a busy machine must not affect this test.
    settingsWith('rate: { requests: 1, seconds: 60, allow: [192.0.2.1] }, overload: { delayMilliseconds: 0 }').replace(
      /http:.*/,
      ''
    )
  )
  const wire = await openWire(t, app)
  const body = poxRequest('jane@example.com')
  const post = `POST /autodiscover/autodiscover.xml HTTP/1.1\r\nHost: example.com\r\nContent-Length: ${body.length}\r\n\r\n`
  wire.send(`${post}${body}${post}${body}`)
  t.equal((await wire.receive()).status, 200)
  t.equal((await wire.receive()).status, 429)
  wire.send(post)
  t.equal((await wire.receive()).status, 429)
  wire.send(`${body}GET /nowhere HTTP/1.1\r\nHost: example.com\r\n\r\n`)
  t.equal((await wire.receive()).status, 429)
})

t.test('admission: a URL over the limit gets 414, whether or not it is served', async t => {
  const { app, readLog } = serveApp(t, settingsWith('urlBytes: 300'))
  const long = (path: string, length: number) => path + 'x'.repeat(length - path.length)
  for (const [url, status] of [
    [long(`${autoconfig}&`, 300), 200],
    [long(`${autoconfig}&`, 301), 414],
    [long('/', 300), 404],
    [long('/', 301), 414],
    [long('/%zz', 301), 414]
  ] as const) {
    const answer = await ask(app, { url })
    t.equal(answer.statusCode, status)
    if (status === 414) t.equal(answer.body, 'The request URL is longer than 300 bytes. [AC_URL_TOO_LONG]\n')
  }
  t.match(readLog(), '"outcome":"refused"')
})

t.test('admission: an overloaded service responds with Retry-After to every client', async t => {
  const { app, readLog } = serveApp(t, settingsWith('overload: { rssMegabytes: 1 }'))
  await app.listen({ host: '127.0.0.1', port: 0 })
  // Why: the memory is measured once a second.
  await until(async () => (await ask(app)).statusCode !== 200)
  const answer = await ask(app)
  t.equal(answer.statusCode, 503)
  t.equal(answer.headers['retry-after'], '10')
  t.equal(answer.body, 'The server is overloaded; try again later. [AC_OVERLOADED]\n')
  t.equal((await ask(app, { remoteAddress: '127.0.0.1', url: '/%zz' })).statusCode, 503)
  t.match(readLog(), '"outcome":"failed"')
})

t.test('admission: no client is refused before the service listens', async t => {
  const app = fastify()
  t.equal(createPressure(app, fixed(toLimits({ overload: { rssMegabytes: 1 } })))(), false)
  await app.close()
})

t.test('admission: without overload limits, nothing is measured', async t => {
  const { app } = serveApp(t, settingsWith('overload: { delayMilliseconds: 0 }'))
  t.equal((await ask(app)).statusCode, 200)
})

t.test('admission: several instances count together in Redis', async t => {
  const redis = await startRedisStub(t)
  const settings = settingsWith(`rate: { requests: 4, seconds: 60, redis: "${redis.url}" }`)
  const [one, other] = [serveApp(t, settings), serveApp(t, settings)]
  for (const { app } of [one, other]) {
    await until(async () => (await ask(app)).statusCode === 200 && redis.runs.size > 0)
    redis.runs.clear()
  }
  await ask(one.app, { remoteAddress: '203.0.113.1' })
  t.same(await statuses(one.app, 2), [200, 200])
  t.same(await statuses(other.app, 3), [200, 200, 429])
  const refused = await ask(one.app)
  t.equal(refused.statusCode, 429)
  t.equal(refused.headers['retry-after'], '2')
  t.same(
    [...redis.runs],
    [
      ['signpost-rate-203.0.113.1', 1],
      ['signpost-rate-203.0.113.0/24', 5],
      [`signpost-rate-${stranger}`, 4]
    ]
  )
})

t.test('admission: while Redis is unreachable each process counts alone, and logs that once', async t => {
  const redis = await startRedisStub(t)
  const { app, readLog } = serveApp(t, settingsWith(`rate: { requests: 3, seconds: 60, redis: "${redis.url}" }`))
  await until(async () => (await ask(app, { remoteAddress: '203.0.113.1' })).statusCode !== 0 && redis.runs.size > 0)
  await redis.close()
  t.same(await statuses(app, 4, { remoteAddress: '203.0.113.2' }), [200, 200, 200, 429])
  const seconds = Number((await ask(app, { remoteAddress: '203.0.113.2' })).headers['retry-after'])
  t.ok(seconds > 30 && seconds <= 60, `${seconds}`)
  let log = ''
  const says = (words: string) => () => {
    log += readLog()
    return log.includes(words)
  }
  await until(says('is away'))
  await startRedisStub(t, Number(new URL(redis.url).port))
  await until(says('is back'))
  t.equal(log.match(/is away: clients are counted here alone/g)?.length, 1)
  t.notMatch(log, '203.0.113')
})
