/**
 * Answers of something slow that may be away, kept in bounded memory. A fresh answer is given at once; an older one at
 * once too, while it is asked for again; and as long as nobody answers, an old one is better than none.
 */
import { LRUCache } from 'lru-cache'
import { errors } from '../errors.ts'
import { detached } from '../formats/detached.ts'
import type { CacheSettings } from '../settings/lookup-defaults.ts'
import { createShares, type Sharer } from './fair-shares.ts'

export interface Cached<V> {
  /**
   * @param sharer for whom the answer is asked for: each client has a share of `settings.lookups`. Default: without limits
   * @returns undefined where there is nothing of that name; a promise only where somebody must be asked, which rejects
   * with AC_UNAVAILABLE where nobody can say
   */
  find(key: string, sharer?: Sharer): V | undefined | Promise<V | undefined>
  /** From now on the answer must be asked for; without a key, all. What is held serves only where nobody can say. */
  invalidate(key?: string): void
  /** How often `find` was answered, by what came of it. */
  readonly counts: Readonly<Record<Result, number>>
  /** How many answers are held. */
  readonly sizes: { readonly known: number; readonly unknown: number }
}

/** Fresh; asked for; older, and given all the same; there is nothing; nobody could say. */
export type Result = 'hit' | 'miss' | 'stale' | 'negative' | 'error'

export interface CachedOptions<V> {
  readonly settings: CacheSettings
  /** How long an answer is good; default: as the settings say. */
  readonly lastingOf?: (value: V | undefined) => Lasting
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number
}

/** How long nobody asks again after an error: each try may take as long as a request is willing to wait. */
const retryMs = 1000

export interface Lasting {
  readonly seconds: number
  /** Held apart, and once it is older given only where nobody can say. */
  readonly isNothing: boolean
  /** Is something, and once it is older given only where nobody can say. */
  readonly isShort?: boolean
}

interface Held<V> {
  /** Undefined: there is nothing. */
  readonly value: V | undefined
  readonly freshUntil: number
  readonly isNothing: boolean
  readonly isShort: boolean
  /** Of what was valid when it was asked for. */
  readonly generation: number
  isVoid: boolean
  /** After an error of that generation. */
  retry: { readonly at: number; readonly generation: number }
}

interface Load<V> {
  readonly promise: Promise<V | undefined>
  /** The answer may be of a time before a change. */
  isOutdated: boolean
}

const noRetry = { at: Number.NEGATIVE_INFINITY, generation: 0 }

export function createCached<V extends object>(
  load: (key: string) => Promise<V | undefined>,
  { settings, lastingOf = lastingBy(settings), now = () => performance.now() }: CachedOptions<V>
): Cached<V> {
  const counts: Record<Result, number> = { hit: 0, miss: 0, stale: 0, negative: 0, error: 0 }
  const known = new LRUCache<string, Held<V>>({ max: settings.domains })
  // Why apart: a flood of names that nobody has must not push out those that people have.
  const unknown = new LRUCache<string, Held<V>>({ max: settings.negativeDomains })
  const loads = new Map<string, Load<V>>()
  const shares = createShares(settings.lookups)
  let generation = 0

  function find(key: string, sharer?: Sharer): V | undefined | Promise<V | undefined> {
    const held = known.get(key) ?? unknown.get(key)
    if (held === undefined) return ask(key, sharer)
    const time = now()
    const { value, freshUntil, isNothing, isShort, retry } = held
    const isVoid = held.isVoid || held.generation !== generation
    if (!isVoid && time < freshUntil) return told(value, isNothing ? 'negative' : 'hit')
    if (time >= freshUntil + settings.staleSeconds * 1000) return ask(key, sharer)
    if (time < retry.at && retry.generation === generation) return told(value, 'stale')
    // Why not where there was nothing: whoever sets up a new domain shall not have to try twice.
    if (isVoid || isShort) return ask(key, sharer, held)
    loads.get(key) ?? start(key, sharer)?.promise.catch(() => undefined)
    return told(value, 'stale')
  }

  function told(value: V | undefined, result: Result): V | undefined {
    counts[result] += 1
    return value
  }

  function ask(key: string, sharer: Sharer, old?: Held<V>): V | undefined | Promise<V | undefined> {
    const loading = loads.get(key) ?? start(key, sharer)
    if (loading === undefined) return old === undefined ? refuse() : told(old.value, 'stale')
    return loading.promise.then(
      value => told(value, 'miss'),
      error => (old === undefined ? refuse(error) : told(old.value, 'stale'))
    )
  }

  async function refuse(cause?: unknown): Promise<never> {
    counts.error += 1
    throw errors.unavailable({ cause })
  }

  /** @returns undefined where too much is asked already, by all clients or by this one */
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
            if (!loading.isOutdated) putOff(key)
            throw error
          }
        )
    }
    loads.set(key, loading)
    return loading
  }

  function keep(key: string, value: V | undefined, begun: number): void {
    const { seconds, isNothing, isShort = isNothing } = lastingOf(value)
    const [kept, other] = isNothing ? [unknown, known] : [known, unknown]
    other.delete(key)
    const freshUntil = now() + seconds * 1000
    kept.set(key, { value, freshUntil, isNothing, isShort, generation: begun, isVoid: false, retry: noRetry })
  }

  function putOff(key: string): void {
    const held = known.peek(key) ?? unknown.peek(key)
    if (held !== undefined) held.retry = { at: now() + retryMs, generation }
  }

  return {
    counts,
    get sizes() {
      return { known: known.size, unknown: unknown.size }
    },
    find,
    invalidate(key) {
      // Why forgotten, and not ended: those who wait for them asked before the change.
      for (const [name, loading] of loads) {
        if (key !== undefined && key !== name) continue
        loading.isOutdated = true
        loads.delete(name)
      }
      if (key === undefined) {
        generation += 1
        return
      }
      const held = known.peek(key) ?? unknown.peek(key)
      if (held === undefined) return
      held.isVoid = true
      held.retry = noRetry
    }
  }
}

function lastingBy({ seconds, negativeSeconds }: CacheSettings): (value: unknown) => Lasting {
  const something = { seconds, isNothing: false }
  const nothing = { seconds: negativeSeconds, isNothing: true }
  return value => (value === undefined ? nothing : something)
}
