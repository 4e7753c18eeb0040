import { Registry } from 'prom-client'
import t from 'tap'
import { requestMetrics } from '../../src/admin/request-metrics.ts'
import { createTally } from '../../src/http/log/tally.ts'

t.test('metrics: the state of Redis and its failures are shown only if Redis is in use', async t => {
  const tally = createTally()
  const registry = new Registry()
  requestMetrics(tally)(registry)
  const samples = async () =>
    (await registry.metrics()).split('\n').filter(line => line.startsWith('signpost_rate_redis_'))
  t.same(await samples(), [])
  tally.redis.isUp = true
  t.same(await samples(), ['signpost_rate_redis_up 1', 'signpost_rate_redis_failures_total 0'])
  Object.assign(tally.redis, { isUp: false, failed: 3 })
  t.same(await samples(), ['signpost_rate_redis_up 0', 'signpost_rate_redis_failures_total 3'])
})

t.test('metrics: numbers of open and of refused connections', async t => {
  const tally = createTally()
  const registry = new Registry()
  requestMetrics(tally)(registry)
  const samples = async () => (await registry.metrics()).split('\n').filter(line => line.startsWith('signpost_conn'))
  t.same(await samples(), ['signpost_connections_open 0', 'signpost_connections_refused_total 0'])
  Object.assign(tally.connections, { open: 2, refused: 3 })
  const expected = ['signpost_connections_open 2', 'signpost_connections_refused_total 3']
  t.same(await samples(), expected)
  t.same(await samples(), expected, 'a second scrape adds nothing')
})

t.test('metrics: connections closed because of the PROXY protocol, by reason', async t => {
  const tally = createTally()
  const registry = new Registry()
  requestMetrics(tally)(registry)
  Object.assign(tally.proxyRefusals, { untrusted: 2, missing: 3 })
  const samples = async () => (await registry.metrics()).split('\n').filter(line => line.startsWith('signpost_proxy'))
  const expected = ['untrusted"} 2', 'missing"} 3', 'invalid"} 0', 'timeout"} 0'].map(
    rest => `signpost_proxy_protocol_refused_total{reason="${rest}`
  )
  t.same(await samples(), expected)
  t.same(await samples(), expected, 'a second scrape adds nothing')
})
