/**
 * The Redis where several instances count together. While it is away every command fails at once, and nobody waits.
 */
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'

/** Milliseconds for an answer: a request waits for it. */
const patienceMs = 250

/** @returns at once, connected or not; it connects again by itself */
export async function openRedis(url: string, logger: Logger): Promise<Redis> {
  // Why loaded when called: few have one, and it takes longer than all of the service.
  const { Redis } = await import('ioredis')
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: patienceMs,
    retryStrategy: attempts => Math.min(attempts * 100, 2000)
  })
  let away = false
  redis.on('error', ({ code = 'unknown' }: NodeJS.ErrnoException) => {
    if (!away) logger.warn({ code }, 'the Redis of limits.rate is away: clients are counted here alone')
    away = true
  })
  redis.on('ready', () => {
    if (away) logger.info('the Redis of limits.rate is back')
    away = false
  })
  return redis
}
