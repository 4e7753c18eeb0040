/**
 * The same counter for several instances, in Redis.
 *
 * Why not the store of @fastify/rate-limit: it counts each request as one, whatever it costs.
 */
import type { Use } from './counter.ts'
import { type Redis, redisScript } from './redis/redis.ts'

/** As `Counter`. Rejects with a `RedisFailure`. */
export type SharedCounter = (key: string, now: number, weight: number) => Promise<Use>

/** Why the window is set wherever there is none: a key that never expired would lock its client out. */
const script = redisScript(`
local used = redis.call('INCRBY', KEYS[1], ARGV[1])
local rest = redis.call('PTTL', KEYS[1])
if rest < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  rest = tonumber(ARGV[2])
end
return {used, rest}
`)

export function createSharedCounter({ run }: Pick<Redis, 'run'>, windowMs: number): SharedCounter {
  return async (key, now, weight) => {
    const [used, restMs] = await run(script, [`signpost-rate-${key}`, String(weight), String(windowMs)])
    return { used, ends: now + restMs }
  }
}
