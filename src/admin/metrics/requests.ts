/**
 * What Prometheus reads of requests.
 */
import type { Durations, Tally } from '../../http/log/tally.ts'
import type { Measure, Value } from './measure.ts'

export function requestMeasures({
  requests,
  durations,
  redis
}: Pick<Tally, 'requests' | 'durations' | 'redis'>): readonly Measure[] {
  return [
    {
      type: 'counter',
      name: 'signpost_requests_total',
      help: 'Requests by dialect, outcome and family of mail programs.',
      values: () => Array.from(requests, ({ labels, count }) => ({ labels, value: count }))
    },
    {
      type: 'histogram',
      name: 'signpost_request_duration_seconds',
      help: 'From the first look at a request to its answer, by dialect.',
      values: () => [...durations].flatMap(rowsOf)
    },
    {
      type: 'gauge',
      name: 'signpost_rate_redis_up',
      help: '1 while requests are counted in the Redis of limits.rate, 0 while each instance counts alone.',
      aggregator: 'min',
      values: () => (redis.isUp === undefined ? [] : [{ value: redis.isUp ? 1 : 0 }])
    },
    {
      type: 'counter',
      name: 'signpost_rate_redis_failures_total',
      help: 'Requests that could not be counted in the Redis of limits.rate. None is sent while it is known to be away.',
      values: () => (redis.isUp === undefined ? [] : [{ value: redis.failed }])
    }
  ]
}

function rowsOf({ labels, buckets, count, seconds }: Durations): readonly Value[] {
  const within = buckets.map(({ most, count }) => ({ le: String(most), value: count }))
  return [
    ...[...within, { le: '+Inf', value: count }].map(({ le, value }) => ({
      suffix: '_bucket',
      labels: { ...labels, le },
      value
    })),
    { suffix: '_sum', labels, value: seconds },
    { suffix: '_count', labels, value: count }
  ]
}
