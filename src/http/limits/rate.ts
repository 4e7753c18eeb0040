/**
 * How often a client and the networks around it may ask: counted here, and in a Redis for several instances.
 */
import type { FastifyInstance } from 'fastify'
import type { CurrentLimits } from '../../settings/limits.ts'
import { parseRedisUrl, type RedisServer } from '../../settings/redis-url.ts'
import { perValue } from '../../sources/per-table.ts'
import type { ClientNames } from './client-keys.ts'
import { type CounterOptions, createCounter } from './counter.ts'
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
export function createRate(app: FastifyInstance, limitsOf: CurrentLimits<'rate'>, options: RedisOptions): Rate {
  const counterOptionsOf = perValue(limitsOf, ({ rate }) => ({ limit: rate.requests, windowMs: rate.seconds * 1000 }))
  const count = createCounter(counterOptionsOf)
  const sharedOf = createShared(app, limitsOf, { ...options, counterOptionsOf })
  return (client, weight) => {
    if (limitsOf().rate.requests === 0) return 0
    // Why also if instances count together: the Redis may be away. Its circuit breaker logs when it opens.
    const here = toSeconds(count(client, performance.now(), weight))
    const shared = sharedOf()
    return shared === undefined ? here : shared.count(client, weight).then(toSeconds, () => here)
  }
}

interface Shared {
  readonly count: SharedCounter
  /** Resolves when it can count. */
  readonly ready: Promise<unknown>
  close(): Promise<void>
}

interface SharedOptions extends RedisOptions {
  readonly counterOptionsOf: () => CounterOptions
}

/** @returns a function that returns the counter in the Redis of the current settings; undefined if there is none */
function createShared(
  app: FastifyInstance,
  limitsOf: CurrentLimits<'rate'>,
  options: SharedOptions
): () => Shared | undefined {
  let current: Shared | undefined
  // Why also the file: its password may be another one.
  const nameOf = perValue(limitsOf, ({ rate }) =>
    JSON.stringify(rate.requests > 0 ? [rate.redis, rate.redisPasswordFile] : [])
  )
  const sharedOf = perValue(nameOf, () => {
    current?.close()
    const { redis, requests } = limitsOf().rate
    const place = redis === undefined || requests === 0 ? undefined : parseRedisUrl(redis)
    if (options.redisCounts) options.redisCounts.isUp = undefined
    current = place && openShared(place, options)
    return current
  })
  app.addHook('onReady', async () => void (await current?.ready))
  app.addHook('onClose', async () => await current?.close())
  return sharedOf
}

function openShared(place: RedisServer, options: SharedOptions): Shared {
  // Why loaded on demand: few services count in a Redis.
  const ready = Promise.all([import('./redis/redis.ts'), import('./shared-counter.ts')]).then(
    ([{ openRedis }, { createSharedCounter }]) => {
      const redis = openRedis(place, options)
      return { redis, count: createSharedCounter(redis, options.counterOptionsOf) }
    }
  )
  return {
    ready,
    count: async (client, weight) => await (await ready).count(client, weight),
    async close() {
      const { redis } = await ready
      redis.close()
    }
  }
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
