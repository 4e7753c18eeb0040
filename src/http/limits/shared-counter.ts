/**
 * The same counter for several instances, in Redis.
 *
 * Why without @fastify/rate-limit: it counts each request as one regardless of its cost, and it has no limits for networks.
 */
import { type ClientNames, networkShare } from './client-keys.ts'
import type { CounterOptions } from './counter.ts'
import { type Redis, redisScript } from './redis/redis.ts'

/** Like `Counter`. Rejects with a `RedisFailure`. */
export type SharedCounter = (names: ClientNames, weight: number) => Promise<number>

/**
 * The two loops are those of `createCounter`. Keys: the names. Arguments: the weight, the window in milliseconds, and a
 * limit for each key. Returns 1 for a request over a limit, else 0, and the milliseconds until its window ends.
 *
 * Why the window is set whenever it is missing: a key that never expires would lock its client out.
 */
const script = redisScript(`
local function rest(key)
  local ms = redis.call('PTTL', key)
  if ms >= 0 then return ms end
  redis.call('PEXPIRE', key, ARGV[2])
  return tonumber(ARGV[2])
end
for level = #KEYS, 1, -1 do
  local used = tonumber(redis.call('GET', KEYS[level]) or 0)
  if used >= tonumber(ARGV[2 + level]) then return {1, rest(KEYS[level])} end
end
for level = 1, #KEYS do
  local used = redis.call('INCRBY', KEYS[level], ARGV[1])
  local ms = rest(KEYS[level])
  if used > tonumber(ARGV[2 + level]) then return {1, ms} end
end
return {0, 0}
`)

export function createSharedCounter({ run }: Pick<Redis, 'run'>, optionsOf: () => CounterOptions): SharedCounter {
  return async (names, weight) => {
    const { limit, windowMs } = optionsOf()
    const limits = names.map((_name, level) => String(limit * networkShare(level)))
    const [isOver, ms] = await run(script, {
      keys: names.map(name => `signpost-rate-${name}`),
      args: [String(weight), String(windowMs), ...limits]
    })
    return isOver === 0 ? 0 : Math.max(1, ms)
  }
}
