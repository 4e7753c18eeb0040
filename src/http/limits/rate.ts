/**
 * How often one client may ask: counted here and by @fastify/rate-limit, in memory or in a Redis of several instances.
 */
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Limits } from '../../settings/limits.ts'
import { redisPlace } from '../../settings/redis-place.ts'
import { createCounter } from './counter.ts'
import type { RedisOptions } from './redis/redis.ts'

/** Counts a request of a client. @returns seconds until it may ask again; 0: it is let in, which is mostly known at once */
export type Rate = (key: string) => 0 | Promise<number>

type Check = ReturnType<FastifyInstance['createRateLimit']>

/** What the plugin reads of a request. Why no real one: its routeOptions are made anew whenever they are read. */
interface Counted {
  readonly key: string
  readonly routeOptions: object
}

const routeOptions = {}

/** @param app must not be ready yet */
export function createRate(app: FastifyInstance, { rate }: Pick<Limits, 'rate'>, options: RedisOptions): Rate {
  const { requests, seconds } = rate
  const redis = rate.redis === undefined ? undefined : redisPlace(rate.redis)
  if (requests === 0) return () => 0
  // Why: the plugin costs 7 of 100 requests a second, and hardly any client comes near its limit. Where instances count
  // together, the plugin must know of every request.
  const share = redis === undefined ? Math.floor(requests / 2) : 0
  const count = createCounter(seconds * 1000)
  const { promise: ready, resolve } = Promise.withResolvers<Check>()
  app.register(async scope => {
    const store = redis && (await import('./redis/redis.ts')).openRedis(redis, options)
    scope.addHook('onClose', async () => store?.close())
    await scope.register(rateLimit, {
      global: false,
      max: requests - share,
      timeWindow: seconds * 1000,
      keyGenerator: request => (request as unknown as Counted).key,
      redis: store,
      nameSpace: 'signpost-rate-'
    })
    resolve(scope.createRateLimit())
  })

  async function waitFor(key: string, times: number): Promise<number> {
    const check = await ready
    const counted: Counted = { key, routeOptions }
    try {
      const told = await check(counted as unknown as FastifyRequest)
      return told.isAllowed || !told.isExceeded ? 0 : Math.max(1, told.ttlInSeconds)
    } catch {
      // Why nothing is logged: the circuit breaker of Redis logs when it opens.
      return times > requests ? seconds : 0
    }
  }

  return key => {
    const times = count(key, performance.now())
    return times <= share ? 0 : waitFor(key, times)
  }
}
