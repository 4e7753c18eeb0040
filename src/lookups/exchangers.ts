/**
 * Mail exchangers of strangers' domains: asked for in the DNS, kept as long as their records say, and the table with what
 * they tell.
 */
import { LRUCache } from 'lru-cache'
import { createDnsExchange } from '../network/dns-exchange.ts'
import { isPublicName } from '../network/is-public-name.ts'
import { type MailExchangers, mailExchangers } from '../network/mail-exchangers.ts'
import { toCache, toMxLookup } from '../settings/lookup-defaults.ts'
import type { Source } from '../sources/source.ts'
import { type Cached, createCached } from './cached.ts'
import { createMxSource, providerOf } from './mx-source.ts'
import type { Sharer } from './shares.ts'

export interface MxLookUp {
  readonly source: Source
  readonly cache: Cached<MailExchangers>
}

/** Why: a domain whose name servers are dead would hold up everybody who asks about it, and one look-up each time. */
const faultMs = 5000
const mostFaults = 1000

const none: MailExchangers = { hosts: [], seconds: 0 }

/**
 * @param source knows domains already; its settings of look-ups are read once
 * @param now milliseconds of a clock that never goes back
 */
export function openMxLookUp(source: Source, now = () => performance.now()): MxLookUp {
  const { mxLookup, cache: cacheSettings } = source.table.settings
  const { resolvers, timeoutMilliseconds, lookups, minSeconds, maxSeconds } = toMxLookup(mxLookup)
  const exchange = createDnsExchange({ servers: resolvers, timeoutMs: timeoutMilliseconds })
  const faults = new LRUCache<string, Error>({ max: mostFaults, ttl: faultMs, ttlResolution: 0, perf: { now } })

  async function load(domain: string): Promise<MailExchangers> {
    const fault = faults.get(domain)
    if (fault !== undefined) throw fault
    try {
      return await mailExchangers(domain, exchange)
    } catch (error) {
      faults.set(domain, error as Error)
      throw error
    }
  }

  const cache = createCached<MailExchangers>(load, {
    settings: { ...toCache(cacheSettings), lookups },
    lastingOf: (answer = none) => ({
      seconds: Math.min(maxSeconds, Math.max(minSeconds, answer.seconds)),
      isNothing: providerOf(source.table, answer) === undefined
    }),
    now
  })
  const find = (domain: string, sharer?: Sharer) => (isPublicName(domain) ? cache.find(domain, sharer) : undefined)
  return { source: createMxSource(source, { find }), cache }
}
