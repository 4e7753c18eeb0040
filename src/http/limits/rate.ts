/**
 * How often a client and the networks around it may ask: counted here, and in a Redis for several instances.
 */
import type { FastifyInstance } from 'fastify'
import type { Limits } from '../../settings/limits.ts'
import { parseRedisUrl } from '../../settings/redis-url.ts'
import type { ClientNames } from './client-keys.ts'
import { createCounter } from './counter.ts'
import type { RedisOptions } from './redis/redis.ts'
import type { SharedCounter } from './shared-counter.ts'

/**
 * How many requests of `limits.rate` a request counts as.
 *
 * Why 10, by processor time (Node 24.21, 2026-11-30): most requests take 20 to 45 µs. A page for an address takes 240 to 740 µs,
 * most of it for its QR codes. A signature takes 70 to 100 µs with a key on P-256, and 270, 730 and 1500 µs with RSA keys of
 * 2048, 3072 and 4096 bits.
 */
export const weights = { usual: 1, page: 10, signature: 10 } as const

/**
 * Counts a request of a client. @param weight how many requests it counts as. @returns seconds until the client may ask
 * again; 0: the request is let in. A promise only where instances count together
 */
export type Rate = (client: ClientNames, weight: number) => number | Promise<number>

/** @param app must not be ready yet */
export function createRate(app: FastifyInstance, { rate }: Pick<Limits, 'rate'>, options: RedisOptions): Rate {
  const { requests: limit, seconds } = rate
  if (limit === 0) return () => 0
  const counterOptions = { limit, windowMs: seconds * 1000 }
  const count = createCounter(counterOptions)
  const countHere: Rate = (client, weight) => toSeconds(count(client, performance.now(), weight))
  const place = rate.redis === undefined ? undefined : parseRedisUrl(rate.redis)
  if (place === undefined) return countHere

  const { promise: ready, resolve } = Promise.withResolvers<SharedCounter>()
  app.register(async scope => {
    const [{ openRedis }, { createSharedCounter }] = await Promise.all([
      import('./redis/redis.ts'),
      import('./shared-counter.ts')
    ])
    const redis = openRedis(place, options)
    scope.addHook('onClose', async () => redis.close())
    resolve(createSharedCounter(redis, counterOptions))
  })
  return async (client, weight) => {
    // Why also here: the Redis may be away. Its circuit breaker logs when it opens.
    const here = countHere(client, weight)
    const countShared = await ready
    return await countShared(client, weight).then(toSeconds, () => here)
  }
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
