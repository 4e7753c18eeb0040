/**
 * How often one client may ask: counted here, and in a Redis for several instances.
 */
import type { FastifyInstance } from 'fastify'
import type { Limits } from '../../settings/limits.ts'
import { redisPlace } from '../../settings/redis-place.ts'
import { createCounter, type Use } from './counter.ts'
import type { RedisOptions } from './redis/redis.ts'
import type { SharedCounter } from './shared-counter.ts'

/**
 * Counts a request of a client, as so many. @returns seconds until the client may ask again; 0: the request is let in. A
 * promise only where instances count together
 */
export type Rate = (key: string, weight: number) => number | Promise<number>

/** @param app must not be ready yet */
export function createRate(app: FastifyInstance, { rate }: Pick<Limits, 'rate'>, options: RedisOptions): Rate {
  const { requests, seconds } = rate
  if (requests === 0) return () => 0
  const count = createCounter(seconds * 1000)
  const secondsToWait = ({ used, ends }: Use, now: number) =>
    used <= requests ? 0 : Math.max(1, Math.ceil((ends - now) / 1000))
  const place = rate.redis === undefined ? undefined : redisPlace(rate.redis)
  if (place === undefined) {
    return (key, weight) => {
      const now = performance.now()
      return secondsToWait(count(key, now, weight), now)
    }
  }

  const { promise: ready, resolve } = Promise.withResolvers<SharedCounter>()
  app.register(async scope => {
    const [{ openRedis }, { createSharedCounter }] = await Promise.all([
      import('./redis/redis.ts'),
      import('./shared-counter.ts')
    ])
    const redis = openRedis(place, options)
    scope.addHook('onClose', async () => redis.close())
    resolve(createSharedCounter(redis, seconds * 1000))
  })
  return async (key, weight) => {
    const now = performance.now()
    // Why also here: the Redis may be away. Its circuit breaker logs when it opens.
    const own = count(key, now, weight)
    const countShared = await ready
    return secondsToWait(await countShared(key, now, weight).catch(() => own), now)
  }
}
