/**
 * Metrics of connections, of requests, and of the log that they are written to.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { LogStream } from '../http/log/log-stream.ts'
import type { Durations, Tally } from '../http/log/tally.ts'
import type { RegisterMetrics } from './metrics.ts'

export function requestMetrics(
  tally: Pick<Tally, 'requests' | 'errors' | 'durations' | 'redis' | 'connections' | 'proxyRefusals'>
): RegisterMetrics {
  return registry => {
    const registers = [registry]
    new Counter({
      name: 'signpost_requests_total',
      help: 'Requests by dialect, outcome and family of mail programs.',
      labelNames: ['dialect', 'outcome', 'client', 'domain'],
      registers,
      collect() {
        this.reset()
        for (const { labels, count } of tally.requests) this.inc(labels, count)
      }
    })
    new Counter({
      name: 'signpost_errors_total',
      help: 'Responses that report an error, by its code.',
      labelNames: ['code'],
      registers,
      collect() {
        this.reset()
        for (const [code, count] of tally.errors) this.inc({ code }, count)
      }
    })
    new DurationHistogram(registry, tally)
    new Gauge({
      name: 'signpost_connections_open',
      help: 'Open connections of the public listeners.',
      registers,
      collect() {
        this.set(tally.connections.open)
      }
    })
    new Counter({
      name: 'signpost_connections_refused_total',
      help: 'Connections closed at once because limits.connections or limits.connectionsPerAddress was reached.',
      registers,
      collect() {
        this.reset()
        this.inc(tally.connections.refused)
      }
    })
    new Counter({
      name: 'signpost_proxy_protocol_refused_total',
      help: 'Connections closed because of http.proxyProtocol, by reason.',
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset()
        for (const [reason, count] of Object.entries(tally.proxyRefusals)) this.inc({ reason }, count)
      }
    })
    new Gauge({
      name: 'signpost_rate_redis_up',
      help: '1 while requests are counted in the Redis of limits.rate, 0 while each instance counts alone.',
      aggregator: 'min',
      registers,
      collect() {
        if (tally.redis.isUp === undefined) this.remove({})
        else this.set(tally.redis.isUp ? 1 : 0)
      }
    })
    new Counter({
      name: 'signpost_rate_redis_failures_total',
      help: 'Requests that could not be counted in the Redis of limits.rate. While it is known to be down, no request tries.',
      registers,
      collect() {
        this.reset()
        if (tally.redis.isUp === undefined) this.remove({})
        else this.inc(tally.redis.failed)
      }
    })
  }
}

export function logMetrics(log: Pick<LogStream, 'dropped'>): RegisterMetrics {
  return registry => {
    new Counter({
      name: 'signpost_log_lines_dropped_total',
      help: 'Log lines dropped because standard output did not keep up.',
      registers: [registry],
      collect() {
        this.reset()
        this.inc(log.dropped)
      }
    })
  }
}

const durationName = 'signpost_request_duration_seconds'
const durationHelp = 'Time from the arrival of a request to its response, by dialect.'

/**
 * A histogram whose buckets are counted by the tally. Why a subclass: prom-client's histogram can only observe one value at
 * a time, at a cost that every request would pay.
 */
class DurationHistogram extends Histogram {
  readonly #tally: Pick<Tally, 'durations'>

  constructor(registry: Registry, tally: Pick<Tally, 'durations'>) {
    super({ name: durationName, help: durationHelp, registers: [registry] })
    this.#tally = tally
  }

  /** Replaces the method of prom-client that both of its output formats use, and that its types do not declare. */
  async getForPromString() {
    const values = [...this.#tally.durations].flatMap(samplesOf)
    return { name: durationName, help: durationHelp, type: 'histogram', aggregator: 'sum', values }
  }
}

function samplesOf({ labels: sharedLabels, buckets, count, seconds }: Durations) {
  const bounds = [
    ...buckets.map(({ most, count: within }) => [String(most), within] as const),
    ['+Inf', count] as const
  ]
  return [
    ...bounds.map(([le, value]) => ({ metricName: `${durationName}_bucket`, labels: { le }, sharedLabels, value })),
    { metricName: `${durationName}_sum`, labels: {}, sharedLabels, value: seconds },
    { metricName: `${durationName}_count`, labels: {}, sharedLabels, value: count }
  ]
}
