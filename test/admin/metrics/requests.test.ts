import t from 'tap'
import { requestMeasures } from '../../../src/admin/metrics/requests.ts'
import { createTally } from '../../../src/http/log/tally.ts'

t.test('metrics: whether Redis counts requests, and how many it could not, where there is one', async t => {
  const tally = createTally()
  const valuesOf = (name: string) =>
    requestMeasures(tally)
      .find(measure => measure.name === name)
      ?.values()
  const both = () => ['signpost_rate_redis_up', 'signpost_rate_redis_failures_total'].map(valuesOf)
  t.same(both(), [[], []])
  tally.redis.isUp = true
  t.same(both(), [[{ value: 1 }], [{ value: 0 }]])
  Object.assign(tally.redis, { isUp: false, failed: 3 })
  t.same(both(), [[{ value: 0 }], [{ value: 3 }]])
})
