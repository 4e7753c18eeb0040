import fc from 'fast-check'
import t from 'tap'
import { checkNetwork } from '../../src/settings/check/address.ts'
import { checkLimits } from '../../src/settings/check/limits.ts'
import { limitsShare, privateNetworks, toLimits } from '../../src/settings/limits.ts'
import { Settings } from '../../src/settings/schema.ts'
import { linesOf } from '../support/settings/lines.ts'
import { nodesOf } from '../support/settings/schema-node.ts'

t.test('limits: every one has a default, and the schema says which', async t => {
  const limits = toLimits()
  t.same(limits, {
    rate: { requests: 600, seconds: 60, allow: privateNetworks },
    connections: 5000,
    connectionsPerAddress: 250,
    headersSeconds: 10,
    requestSeconds: 10,
    idleSeconds: 30,
    keepAliveSeconds: 20,
    headerBytes: 16384,
    urlBytes: 8192,
    bodyBytes: 16384,
    overload: { delayMilliseconds: 1000, heapMegabytes: 0, rssMegabytes: 0 }
  })
  const values = { ...limits, ...limits.rate, ...limits.overload } as Readonly<Record<string, unknown>>
  const fields = nodesOf(JSON.parse(JSON.stringify(Settings.properties.limits))).filter(
    ([, { type }]) => type === 'integer'
  )
  t.equal(fields.length, 14)
  for (const [path, { description = '' }] of fields) {
    const value = values[path.replace(/.*\./, '')]
    t.match(description, value === 0 ? '0: no limit (default).' : `Default: ${value}.`, path)
  }
})

t.test('limits: set values are kept, and the others have their defaults', async t => {
  const { rate, overload, bodyBytes, urlBytes } = toLimits({
    rate: { requests: 0 },
    overload: { heapMegabytes: 200 },
    bodyBytes: 2048
  })
  t.same(rate, { requests: 0, seconds: 60, allow: privateNetworks })
  t.same(overload, { delayMilliseconds: 1000, heapMegabytes: 200, rssMegabytes: 0 })
  t.same({ bodyBytes, urlBytes }, { bodyBytes: 2048, urlBytes: 8192 })
  t.same(toLimits({ rate: { allow: [], redis: 'redis://127.0.0.1' } }).rate, {
    requests: 600,
    seconds: 60,
    allow: [],
    redis: 'redis://127.0.0.1'
  })
})

t.test('limits: a default adapts to the limits that are set', async t => {
  t.match(toLimits({ requestSeconds: 5 }), { headersSeconds: 5, requestSeconds: 5 })
  t.match(toLimits({ headersSeconds: 20 }), { headersSeconds: 20, requestSeconds: 20 })
  t.match(toLimits({ headerBytes: 4096 }), { headerBytes: 4096, urlBytes: 4096 })
  t.match(toLimits({ urlBytes: 20_000 }), { headerBytes: 20_000, urlBytes: 20_000 })
  for (const limits of [{ requestSeconds: 5 }, { headersSeconds: 20 }, { headerBytes: 4096 }, { urlBytes: 20_000 }]) {
    t.same(checkLimits(limits, []), [])
  }
  t.same(checkLimits(undefined, []), [])
})

t.test('limits: contradicting limits are reported', async t => {
  t.same(
    linesOf(checkLimits({ headersSeconds: 20, requestSeconds: 5, headerBytes: 1024, urlBytes: 2048 }, ['limits'])),
    [
      'error limits.headersSeconds: found 20, expected at most requestSeconds (5), which includes them',
      'error limits.urlBytes: found 2048, expected at most headerBytes (1024), which includes it'
    ]
  )
})

t.test('limits: an invalid network is reported; all networks can be allowed', async t => {
  t.same(linesOf(checkLimits({ rate: { allow: ['10.0.0.0/8', 'office', 'fe80::1%eth0'] } }, ['limits'])), [
    'error limits.rate.allow[1]: found "office", expected an IP address or a network such as 10.0.0.0/8',
    'error limits.rate.allow[2]: found "fe80::1%eth0", expected an IP address or a network such as 10.0.0.0/8'
  ])
  for (const network of ['0.0.0.0/0', '::/0', '192.0.2.1', ...privateNetworks]) t.same(checkNetwork(network, []), [])
})

t.test('limits: what several workers share is at least one for each', async t => {
  const small = { rate: { requests: 3 }, connections: 2, connectionsPerAddress: 1 }
  const reported = linesOf(checkLimits(small, ['limits'], { workers: 4 }))
  t.same(
    reported,
    Object.entries({ 'rate.requests': 3, connections: 2, connectionsPerAddress: 1 }).map(
      ([field, found]) => `error limits.${field}: found ${found}, expected at least http.workers (4), which share it`
    )
  )
  const enough = { rate: { requests: 0 }, connections: 4, connectionsPerAddress: 0 }
  t.same(checkLimits(enough, [], { workers: 4 }), [])
  t.same(checkLimits(undefined, [], { workers: 4 }), [])
  t.same(checkLimits(small, [], { workers: 'auto' }), [], 'as many as there are processors, which is not known here')
  t.same(checkLimits({ rate: { requests: 3, redis: 'redis://127.0.0.1' } }, [], { workers: 4 }), [])
})

t.test('limits: a Redis that cannot be, or has its password in the table, is found without being printed', async t => {
  const reported = (redis: string) =>
    checkLimits({ rate: { redis } }, ['limits']).map(({ severity, message }) => [severity, message])
  t.same(reported('redis://hunter2:x:y'), [
    ['error', 'found another value, expected a URL such as redis://127.0.0.1:6379']
  ])
  t.same(reported('redis://:hunter2@127.0.0.1'), [
    ['warning', 'found a password in the table, expected it in redisPasswordFile or SIGNPOST_REDIS_PASSWORD']
  ])
  t.same(reported('redis://user@127.0.0.1'), [])
})

const whole = fc.integer({ min: 1, max: 1_000_000 })

t.test('limits share: one process gets all of it', async t => {
  t.same(limitsShare(toLimits(), 1), toLimits())
})

t.test('limits share: counts are divided, and sizes and times are unchanged', async t => {
  const { rate, connections, connectionsPerAddress, ...rest } = limitsShare(toLimits(), 4)
  t.same([rate.requests, rate.seconds, connections, connectionsPerAddress], [150, 60, 1250, 62])
  t.match(toLimits(), rest)
})

t.test('limits share: all processes together allow no more than the limit, and each at least one', async () => {
  fc.assert(
    fc.property(whole, whole, fc.integer({ min: 1, max: 64 }), (requests, connections, workers) => {
      const share = limitsShare(toLimits({ rate: { requests }, connections }), workers)
      return [
        [share.rate.requests, requests],
        [share.connections, connections]
      ].every(([part = 0, all = 0]) => part >= 1 && (part * workers <= all || all < workers))
    })
  )
})

t.test('limits share: no limit stays unlimited, and with Redis all count together', async t => {
  const none = limitsShare(toLimits({ rate: { requests: 0 }, connectionsPerAddress: 0 }), 4)
  t.same([none.rate.requests, none.connectionsPerAddress], [0, 0])
  const together = limitsShare(toLimits({ rate: { redis: 'redis://127.0.0.1' } }), 4)
  t.equal(together.rate.requests, 600)
})
