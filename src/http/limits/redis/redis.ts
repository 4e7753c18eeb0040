/**
 * The Redis in which several instances count together, behind a circuit breaker: after a few failures in a row nothing
 * is asked of it, so that no request waits, until a probe in the background succeeds.
 */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RedisServer } from '../../../settings/redis-url.ts'
import type { RedisCounts } from '../../log/tally.ts'
import { openRedisConnection, type RedisConnection, RedisFailure } from './connection.ts'
import type { Reply } from './resp.ts'

export interface Redis {
  /** Runs a script that returns two numbers. Rejects with a `RedisFailure`. */
  run(script: RedisScript, values: RedisValues): Promise<readonly [number, number]>
  close(): void
}

/** What a script reads as `KEYS` and `ARGV`. */
export interface RedisValues {
  readonly keys: readonly string[]
  readonly args: readonly string[]
}

export interface RedisScript {
  readonly lua: string
  /** Of the script, in hexadecimal digits. */
  readonly sha1: string
}

export function redisScript(lua: string): RedisScript {
  return { lua, sha1: createHash('sha1').update(lua).digest('hex') }
}

export interface RedisOptions {
  readonly logger: Logger
  /** As it is now. */
  readonly redisPassword?: (() => string | undefined) | undefined
  /** Before a probe, in milliseconds. Each waits twice as long as the one before, unless the circuit was closed `recovered`. */
  readonly pauseMs?: { readonly first: number; readonly most: number; readonly recovered: number }
  /** Counts what happens. */
  readonly redisCounts?: RedisCounts | undefined
}

/** For a reply, in milliseconds: a request waits for it. */
const timeoutMs = 250

/** In a row. Why not one: a single slow reply says little, and each instance counts alone while the circuit is open. */
const mostFailures = 3

/** Between two probes, in milliseconds. */
const usualPauseMs = { first: 100, most: 2000, recovered: 60_000 }

/** Why it writes: a replica answers everything else. Why under this key: the user may be allowed no other ones. */
const probeScript = "return redis.call('SET', KEYS[1], '1', 'PX', '1000')"
const probeKey = 'signpost-rate-probe'

/** @returns at once, connected or not; it connects again by itself */
export function openRedis(place: RedisServer, options: RedisOptions): Redis {
  const { logger, redisPassword = () => undefined, redisCounts: counts = { isUp: undefined, failed: 0 } } = options
  const { pauseMs = usualPauseMs } = options
  const closing = new AbortController()
  /** Undefined: the circuit is open. */
  let current: RedisConnection | undefined
  /** The last one alone. */
  let opened: readonly RedisConnection[] = []
  let failures = 0
  let waitMs = pauseMs.first
  let since = 0

  async function connect(): Promise<RedisConnection> {
    const lost = (code: string) => {
      if (current === connection) open(code)
    }
    const connection: RedisConnection = openRedisConnection(place, { timeoutMs, lost })
    opened = [connection]
    try {
      await introduce(connection, place, redisPassword())
      return connection
    } catch (error) {
      connection.destroy()
      throw error
    }
  }

  /** @param code why nothing is asked from now on */
  function open(code: string): void {
    // Why first: the connection reports its loss.
    current = undefined
    for (const connection of opened) connection.destroy()
    tellAway(code)
    if (performance.now() - since > pauseMs.recovered) waitMs = pauseMs.first
    pause().then(probe)
  }

  /** Each waits twice as long as the one before, also after a probe that succeeded: a server may answer nothing else. */
  async function pause(): Promise<void> {
    await sleep(waitMs, undefined, { signal: closing.signal, ref: false }).catch(() => undefined)
    waitMs = Math.min(waitMs * 2, pauseMs.most)
  }

  function tellAway(code: string): void {
    if (closing.signal.aborted) return
    if (counts.isUp !== false) logger.warn({ code }, 'the Redis of limits.rate is away: clients are counted here alone')
    counts.isUp = false
  }

  async function probe(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        current = await connect()
        failures = 0
        since = performance.now()
        if (counts.isUp === false) logger.info('the Redis of limits.rate is back')
        counts.isUp = true
        return
      } catch (error) {
        tellAway((error as RedisFailure).code)
      }
      await pause()
    }
  }

  async function run(script: RedisScript, values: RedisValues): Promise<readonly [number, number]> {
    const connection = current
    if (connection === undefined) throw new RedisFailure('away')
    try {
      const reply = await evaluate(connection, script, values)
      failures = 0
      return reply
    } catch (error) {
      counts.failed += 1
      failures += 1
      if (failures >= mostFailures && current === connection) open((error as RedisFailure).code)
      throw error
    }
  }

  probe()
  return {
    run,
    close() {
      closing.abort()
      for (const connection of opened) connection.destroy()
    }
  }
}

/** @throws RedisFailure where the server does not let it count */
async function introduce(
  connection: RedisConnection,
  { user, password, database }: RedisServer,
  now: string | undefined
): Promise<void> {
  const secret = now ?? password
  if (secret !== undefined) await demand(connection, ['AUTH', ...(user === undefined ? [] : [user]), secret])
  if (database !== 0) await demand(connection, ['SELECT', String(database)])
  await demand(connection, ['EVAL', probeScript, '1', probeKey])
}

async function demand(connection: RedisConnection, words: readonly string[]): Promise<Reply> {
  const reply = await connection.ask(words)
  if (isError(reply)) throw new RedisFailure(reply.error)
  return reply
}

/** @throws RedisFailure */
async function evaluate(
  connection: RedisConnection,
  { lua, sha1 }: RedisScript,
  { keys, args }: RedisValues
): Promise<readonly [number, number]> {
  const words = [String(keys.length), ...keys, ...args]
  const known = await connection.ask(['EVALSHA', sha1, ...words])
  const isNew = isError(known) && known.error === 'NOSCRIPT'
  const reply = isNew ? await demand(connection, ['EVAL', lua, ...words]) : known
  if (isError(reply)) throw new RedisFailure(reply.error)
  if (!isPair(reply)) throw new RedisFailure('malformed-reply')
  return reply
}

function isPair(reply: Reply): reply is [number, number] {
  return Array.isArray(reply) && reply.length === 2 && reply.every(Number.isSafeInteger)
}

function isError(reply: Reply): reply is Extract<Reply, { readonly error: string }> {
  return typeof reply === 'object' && reply !== null && 'error' in reply
}
