/**
 * Limits that change while the service runs.
 */
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fastify } from 'fastify'
import t, { type Test } from 'tap'
import { createApp } from '../../../src/app.ts'
import { createPressure } from '../../../src/http/limits/pressure.ts'
import { createTally } from '../../../src/http/log/tally.ts'
import { toLimits } from '../../../src/settings/limits.ts'
import { createSource } from '../../../src/sources/source.ts'
import { startRedisStub } from '../../support/http/redis-stub.ts'
import { openWire } from '../../support/http/wire.ts'
import { poxRequest } from '../../support/pox-request.ts'
import { exampleSettings, serveApp } from '../../support/served-app.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { tableOf } from '../../support/table-of.ts'

/** @param limits in YAML */
const tableWith = (limits: string) =>
  tableOf(`limits: { overload: { delayMilliseconds: 0 }, ${limits} }\n${exampleSettings.replace(/http:.*/, '')}`)

/** The service, and a function that changes its limits. */
function serveLimits(t: Test, limits: string) {
  const source = { table: tableWith(limits) }
  const tally = createTally()
  const app = createApp({ source: createSource(source), logger: silentLogger, tally })
  t.teardown(() => app.close())
  let client = '203.0.113.1'
  return {
    app,
    tally,
    change(limits: string) {
      source.table = tableWith(limits)
    },
    as(address: string) {
      client = address
    },
    async status(url = '/', more = {}): Promise<number> {
      return (await app.inject({ url, remoteAddress: client, ...more })).statusCode
    }
  }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(5)
}

t.test('reload: sizes of URLs and bodies are those of the current table', async t => {
  const { change, status, app } = serveLimits(t, '')
  const url = `/${'x'.repeat(300)}`
  const post = {
    method: 'POST' as const,
    payload: `${poxRequest('jane@example.com')}${' '.repeat(2000)}`,
    headers: { host: 'example.com' }
  }
  const path = '/autodiscover/autodiscover.xml'
  t.same([await status(url), await status(path, post)], [404, 200])
  change('urlBytes: 256, bodyBytes: 1024')
  t.same([await status(url), await status(path, post)], [414, 413])
  const { body } = await app.inject({ ...post, url: path })
  t.equal(body, 'The request body is longer than 1024 bytes. [AC_BODY_TOO_LARGE]\n')
  change('')
  t.same([await status(url), await status(path, post)], [404, 200])
})

t.test('reload: request rates, and networks without a limit, are those of the current table', async t => {
  const { change, as, status } = serveLimits(t, 'rate: { requests: 0 }')
  const counted = async () => [await status(), await status(), await status()]
  t.same(await counted(), [200, 200, 200])
  change('rate: { requests: 2 }')
  t.same(await counted(), [200, 200, 429])
  change('rate: { requests: 4 }')
  t.same(await counted(), [200, 200, 429], 'earlier requests still count')
  change('rate: { requests: 4, allow: [203.0.113.0/24] }')
  t.same(await counted(), [200, 200, 200])
  as('198.51.100.1')
  change('rate: { requests: 1, seconds: 600 }')
  t.same(await counted(), [200, 429, 429])
})

t.test('reload: instances start and stop counting together in Redis', async t => {
  const [first, second] = [await startRedisStub(t), await startRedisStub(t)]
  const { app, tally, change, status } = serveLimits(t, 'rate: { requests: 1000 }')
  await app.ready()
  const countsIn = async ({ runs }: typeof first) =>
    await until(async () => {
      await status('/nowhere')
      return runs.has('signpost-rate-203.0.113.1')
    })
  t.equal(tally.redis.isUp, undefined)
  change(`rate: { requests: 1000, redis: "${first.url}" }`)
  await countsIn(first)
  t.equal(tally.redis.isUp, true)
  change(`rate: { requests: 1000, redis: "${second.url}" }`)
  await countsIn(second)
  first.runs.clear()
  second.runs.clear()
  change('rate: { requests: 1000 }')
  await status()
  t.same([first.runs.size, second.runs.size, tally.redis.isUp], [0, 0, undefined])
})

t.test('reload: connections use the timeouts and sizes of the current table', async t => {
  const { app, change } = serveLimits(t, '')
  const get = `GET / HTTP/1.1\r\nHost: example.com\r\nX: ${'x'.repeat(3000)}\r\n\r\n`
  const before = await openWire(t, app)
  before.send(get)
  t.equal((await before.receive()).status, 200)
  change(
    'headersSeconds: 3, requestSeconds: 4, idleSeconds: 5, keepAliveSeconds: 6, connections: 7, headerBytes: 2048, urlBytes: 1024'
  )
  const wire = await openWire(t, app)
  wire.send(get)
  t.equal((await wire.receive()).status, 431)
  const { headersTimeout, requestTimeout, timeout, keepAliveTimeout, maxConnections } = app.server
  t.same([headersTimeout, requestTimeout, timeout, keepAliveTimeout, maxConnections], [3000, 4000, 5000, 6000, 7])
  before.send(get)
  t.equal((await before.receive()).status, 200, 'an open connection keeps its limit for headers')
})

t.test('reload: connections are admitted according to the current table', async t => {
  const { app, change, tally } = serveLimits(t, 'connections: 1, rate: { allow: [] }')
  const open = async () => {
    const wire = await openWire(t, app)
    wire.send('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')
    return (await wire.receive().catch(() => ({ status: 0 }))).status
  }
  t.same([await open(), await open()], [200, 0])
  change('connections: 100, connectionsPerAddress: 2, rate: { allow: [] }')
  // Why one more is refused: node reads the new limit only after it has refused a connection.
  t.same([await open(), await open(), await open()], [0, 200, 0])
  change('connections: 100, connectionsPerAddress: 0')
  t.same([await open(), await open()], [200, 200])
  t.equal(tally.connections.refused, 3)
})

t.test('reload: overload limits are those of the current table', async t => {
  const app = fastify()
  const limits = { current: toLimits({ overload: { delayMilliseconds: 0 } }) }
  const isOverloaded = createPressure(app, () => limits.current, { measureMs: 50 })
  t.teardown(() => app.close())
  app.listen({ host: '127.0.0.1', port: 0 })
  await once(app.server, 'listening')
  await sleep(60)
  t.equal(isOverloaded(), false)
  limits.current = toLimits({ overload: { delayMilliseconds: 0, rssMegabytes: 1 } })
  await until(isOverloaded)
  limits.current = toLimits({ overload: { delayMilliseconds: 60_000 } })
  await until(() => !isOverloaded())
  await sleep(120)
  t.equal(isOverloaded(), false)
  limits.current = toLimits({ overload: { delayMilliseconds: 0, heapMegabytes: 1 } })
  await until(isOverloaded)
})

t.test('reload: other changes of the table do not affect the limits', async t => {
  const source = { table: tableWith('rate: { requests: 1 }') }
  const { app } = serveApp(t, source)
  const ask = async () => (await app.inject({ url: '/', remoteAddress: '203.0.113.1' })).statusCode
  t.same([await ask(), await ask()], [200, 429])
  source.table = tableWith('rate: { requests: 1 }')
  t.equal(await ask(), 429)
})
