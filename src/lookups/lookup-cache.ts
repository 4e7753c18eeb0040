/**
 * A cache of lookups that are slow and may fail, in bounded memory. Fresh answers are returned at once. Stale ones are too,
 * while they are refreshed, and as long as lookups fail.
 */
import { LRUCache } from 'lru-cache'
import { errors } from '../errors.ts'
import { detached } from '../formats/detached.ts'
import type { CacheSettings } from '../settings/lookup-defaults.ts'
import { createShares, type Sharer } from './fair-shares.ts'

export interface LookupCache<V> {
  /**
   * @param sharer the client: each has a share of `cache.lookups`. Default: without limits
   * @returns undefined if the key is unknown; a promise only if a lookup is needed. It rejects with AC_UNAVAILABLE if the
   * lookup fails, or if too many lookups are running, and nothing is cached
   */
  find(key: string, sharer?: Sharer): V | undefined | Promise<V | undefined>
  /** Expires the answer of a key, or all answers: they are only used while lookups fail. */
  invalidate(key?: string): void
  /** Number of answers by result. */
  readonly counts: Readonly<Record<CacheResult, number>>
  /** Number of cached answers. */
  readonly sizes: { readonly known: number; readonly unknown: number }
}

export type CacheResult =
  /** A fresh answer was cached. */
  | 'hit'
  /** The answer was looked up. */
  | 'miss'
  /** A stale answer was returned. */
  | 'stale'
  /** It was cached that the key is unknown. */
  | 'negative'
  /** The lookup failed or was refused, and nothing was cached. */
  | 'error'

export interface LookupCacheOptions<V> {
  /** As they are now: the same object until one of them changes. Then all answers expire. */
  readonly settingsOf: () => CacheSettings
  /** How long an answer is fresh. Default: as the settings say. */
  readonly lifetimeOf?: (value: V | undefined) => Lifetime
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number
}

/** How long there is no further lookup after an error. Why: each may take as long as a request is willing to wait. */
const retryMs = 1000

export interface Lifetime {
  readonly seconds: number
  /** Kept apart from known answers, and once stale only used while lookups fail. */
  readonly isNegative: boolean
  /** A known answer that is only used while lookups fail, once it is stale. */
  readonly isShort?: boolean
}

interface Kept<V> {
  /** Undefined: the key is unknown. */
  readonly value: V | undefined
  readonly freshUntil: number
  readonly isNegative: boolean
  readonly isShort: boolean
  /** The generation when the lookup started. */
  readonly generation: number
  isVoid: boolean
  /** When to look up again after an error in that generation. */
  retry: { readonly at: number; readonly generation: number }
}

interface Load<V> {
  readonly promise: Promise<V | undefined>
  /** The answer may be older than a change. */
  isOutdated: boolean
}

const noRetry = { at: Number.NEGATIVE_INFINITY, generation: 0 }

export function createLookupCache<V extends object>(
  load: (key: string) => Promise<V | undefined>,
  { settingsOf, lifetimeOf = lifetimeBy(settingsOf), now = () => performance.now() }: LookupCacheOptions<V>
): LookupCache<V> {
  const counts: Record<CacheResult, number> = { hit: 0, miss: 0, stale: 0, negative: 0, error: 0 }
  let settings = settingsOf()
  let known = new LRUCache<string, Kept<V>>({ max: settings.domains })
  // Why apart: a flood of unknown names must not evict known ones.
  let unknown = new LRUCache<string, Kept<V>>({ max: settings.negativeDomains })
  const loads = new Map<string, Load<V>>()
  const shares = createShares(() => settings.lookups)
  let generation = 0

  function find(key: string, sharer?: Sharer): V | undefined | Promise<V | undefined> {
    const current = settingsOf()
    if (current !== settings) follow(current)
    const cached = known.get(key) ?? unknown.get(key)
    if (cached === undefined) return ask(key, sharer)
    const time = now()
    const { value, freshUntil, isNegative, isShort, retry } = cached
    const isVoid = cached.isVoid || cached.generation !== generation
    if (!isVoid && time < freshUntil) return counted(value, isNegative ? 'negative' : 'hit')
    if (time >= freshUntil + settings.staleSeconds * 1000) return ask(key, sharer)
    if (time < retry.at && retry.generation === generation) return counted(value, 'stale')
    // Why negative answers are not returned while stale: someone who sets up a new domain should not have to try twice.
    if (isVoid || isShort) return ask(key, sharer, cached)
    loads.get(key) ?? start(key, sharer)?.promise.catch(() => undefined)
    return counted(value, 'stale')
  }

  function follow(current: CacheSettings): void {
    settings = current
    known = resized(known, settings.domains)
    unknown = resized(unknown, settings.negativeDomains)
    invalidate()
  }

  function counted(value: V | undefined, result: CacheResult): V | undefined {
    counts[result] += 1
    return value
  }

  function ask(key: string, sharer: Sharer, old?: Kept<V>): V | undefined | Promise<V | undefined> {
    const loading = loads.get(key) ?? start(key, sharer)
    if (loading === undefined) return old === undefined ? refuse() : counted(old.value, 'stale')
    return loading.promise.then(
      value => counted(value, 'miss'),
      error => (old === undefined ? refuse(error) : counted(old.value, 'stale'))
    )
  }

  async function refuse(cause?: unknown): Promise<never> {
    counts.error += 1
    throw errors.unavailable({ cause })
  }

  /** @returns undefined if too many lookups are running, for all clients or for this one */
  function start(asked: string, sharer: Sharer): Load<V> | undefined {
    const giveBack = shares.take(sharer)
    if (giveBack === undefined) return undefined
    const key = detached(asked)
    const begun = generation
    const loading: Load<V> = {
      isOutdated: false,
      promise: load(key)
        .finally(() => {
          giveBack()
          if (loads.get(key) === loading) loads.delete(key)
        })
        .then(
          value => {
            if (!loading.isOutdated) keep(key, value, begun)
            return value
          },
          error => {
            if (!loading.isOutdated) postpone(key)
            throw error
          }
        )
    }
    loads.set(key, loading)
    return loading
  }

  function keep(key: string, value: V | undefined, begun: number): void {
    const { seconds, isNegative, isShort = isNegative } = lifetimeOf(value)
    const [kept, other] = isNegative ? [unknown, known] : [known, unknown]
    other.delete(key)
    const freshUntil = now() + seconds * 1000
    kept.set(key, { value, freshUntil, isNegative, isShort, generation: begun, isVoid: false, retry: noRetry })
  }

  function postpone(key: string): void {
    const cached = known.peek(key) ?? unknown.peek(key)
    if (cached !== undefined) cached.retry = { at: now() + retryMs, generation }
  }

  return {
    counts,
    get sizes() {
      return { known: known.size, unknown: unknown.size }
    },
    find,
    invalidate
  }

  function invalidate(key?: string): void {
    // Why they are not aborted: their callers asked before the change.
    for (const [name, loading] of loads) {
      if (key !== undefined && key !== name) continue
      loading.isOutdated = true
      loads.delete(name)
    }
    if (key === undefined) {
      generation += 1
      return
    }
    const cached = known.peek(key) ?? unknown.peek(key)
    if (cached === undefined) return
    cached.isVoid = true
    cached.retry = noRetry
  }
}

function lifetimeBy(settingsOf: () => CacheSettings): (value: unknown) => Lifetime {
  return value => {
    const { seconds, negativeSeconds } = settingsOf()
    return value === undefined ? { seconds: negativeSeconds, isNegative: true } : { seconds, isNegative: false }
  }
}

/** Why a copy: lru-cache allocates its memory once. @returns the cache itself if it has this size */
function resized<V extends object>(cache: LRUCache<string, V>, max: number): LRUCache<string, V> {
  if (cache.max === max) return cache
  const copy = new LRUCache<string, V>({ max })
  cache.rforEach((value, key) => copy.set(key, value))
  return copy
}
