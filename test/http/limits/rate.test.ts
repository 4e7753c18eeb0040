/**
 * The weight of each kind of request in `limits.rate`.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, InjectOptions } from 'fastify'
import t from 'tap'
import { issue } from '../../support/certificates.ts'
import { startRedisStub } from '../../support/http/redis-stub.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'

const page = '/setup?email=jane%40example.com'
const profile = '/email.mobileconfig?email=jane%40example.com'
const autoconfig = '/mail/config-v1.1.xml?emailaddress=jane@example.com'

const settingsWith = (rate: string, more = '') => `
limits: { rate: { ${rate} }, overload: { delayMilliseconds: 0 } }
${more}${exampleSettings}`

const files = 'signing: { certificate: a.pem, key: a.key }'

const { certificate, key } = issue('Signpost')
const pair = { chain: [certificate] as const, key, name: 'Signpost', notBefore: 0, notAfter: Number.MAX_VALUE }
const signing = { keyAt: () => pair }

let clients = 0

/** @returns how many requests a new client may send, up to a hundred */
async function allowed(app: FastifyInstance, request: InjectOptions): Promise<number> {
  clients += 1
  // Why each client has its own network: networks are limited, too.
  const remoteAddress = `198.18.${clients}.1`
  for (let count = 0; count < 100; count++) {
    const { statusCode, headers } = await app.inject({ headers: { host: 'example.com' }, ...request, remoteAddress })
    if (statusCode !== 429) continue
    // Why a range: on a busy machine, part of the minute has already passed.
    const seconds = Number(headers['retry-after'])
    if (!(seconds > 30 && seconds <= 60)) throw new Error(`retry-after: ${seconds}`)
    return count
  }
  return 100
}

t.test('weights: a page for an address counts as ten requests, everything else as one', async t => {
  const { app } = serveApp(t, settingsWith('requests: 30'))
  for (const [request, count] of [
    [{ url: page }, 3],
    [{ url: page, method: 'HEAD' }, 3],
    [{ url: page.toUpperCase().replace('SETUP', 'Setup') }, 3],
    [{ url: '/setup?email=nothing' }, 3],
    [{ url: '/setup?lang=de' }, 30],
    [{ url: '/' }, 30],
    [{ url: '/setup/example' }, 30],
    [{ url: page, method: 'OPTIONS' }, 30],
    [{ url: page, method: 'PUT' }, 30],
    [{ url: autoconfig }, 30],
    [{ url: profile }, 30],
    [{ url: '/nothing' }, 30],
    [{ url: '/api/openapi.json' }, 30]
  ] as const) {
    t.equal(await allowed(app, request), count, JSON.stringify(request))
  }
})

t.test('weights: a signed profile counts as ten requests', async t => {
  const { app } = serveApp(t, settingsWith('requests: 30', files), { signing })
  t.equal(await allowed(app, { url: profile }), 3)
  t.equal(await allowed(app, { url: profile.replace('email.mobileconfig', 'mobileconfig') }), 3)
  t.equal(await allowed(app, { url: profile, method: 'OPTIONS' }), 30)
  t.equal(await allowed(app, { url: autoconfig }), 30)
})

t.test('weights: a redirect to https counts as one request', async t => {
  const settings = settingsWith('requests: 30, allow: []', files)
  const { app } = serveApp(t, settings, { signing })
  const remoteAddress = '127.0.0.1'
  for (const [url, client] of [
    [page, '198.51.100.1'],
    [profile, '198.51.100.2']
  ] as const) {
    const headers = { host: 'example.com', 'x-forwarded-proto': 'http', 'x-forwarded-for': client }
    for (let count = 0; count < 30; count++) {
      t.equal((await app.inject({ url, remoteAddress, headers })).statusCode, 302)
    }
    t.equal((await app.inject({ url, remoteAddress, headers })).statusCode, 429)
  }
})

t.test('weights: a limit of less than ten still allows a page', async t => {
  const { app } = serveApp(t, settingsWith('requests: 5'))
  t.equal(await allowed(app, { url: page }), 1)
  t.equal(await allowed(app, { url: autoconfig }), 5)
})

t.test('weights: without a limit, and for clients without limits, nothing is counted', async t => {
  t.equal(await allowed(serveApp(t, settingsWith('requests: 0')).app, { url: page }), 100)
  const { app } = serveApp(t, settingsWith('requests: 30, allow: ["198.18.0.0/15"]'))
  t.equal(await allowed(app, { url: page }), 100)
})

t.test('weights: instances that count together in Redis use the same weights', async t => {
  const redis = await startRedisStub(t)
  const { app } = serveApp(t, settingsWith(`requests: 30, redis: "${redis.url}"`))
  const ask = async (url: string) =>
    (await app.inject({ url, headers: { host: 'example.com' }, remoteAddress: '192.0.2.1' })).statusCode
  for (let turn = 0; turn < 500 && !redis.runs.has('signpost-rate-192.0.2.1'); turn++) {
    await sleep(5)
    await ask('/nothing')
  }
  redis.runs.clear()
  t.same([await ask(page), await ask(page), await ask('/nothing')], [200, 200, 404])
  t.equal(redis.runs.get('signpost-rate-192.0.2.1'), 21)
  t.same([await ask(page), await ask('/nothing')], [429, 429])
})
