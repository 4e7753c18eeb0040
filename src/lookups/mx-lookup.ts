/**
 * Finds the provider of an unlisted domain by its MX records. They are cached for as long as they say.
 */
import { LRUCache } from 'lru-cache'
import { createDnsExchange } from '../network/dns-exchange.ts'
import { isPublicName } from '../network/is-public.ts'
import { type MailExchangers, mailExchangers } from '../network/mail-exchangers.ts'
import { toCache, toMxLookup } from '../settings/lookup-defaults.ts'
import type { Provider } from '../settings/provider.ts'
import { type DomainLookup, follow } from '../settings/question/resolution-order.ts'
import type { Table } from '../settings/table.ts'
import { partOfTable } from '../sources/per-table.ts'
import type { TableSource } from '../sources/source.ts'
import { createLookupCache, type LookupCache } from './lookup-cache.ts'

export interface MxLookup {
  /** Never rejects: domains whose MX records cannot be fetched count as unknown. */
  readonly lookUp: DomainLookup
  readonly cache: LookupCache<MailExchangers>
}

/** Why: a domain whose name servers are dead would delay every request about it, each with a lookup. */
const faultMs = 5000
const mostFaults = 1000

const none: MailExchangers = { hosts: [], seconds: 0 }

/**
 * @param tables names the providers; and has the cache settings; its `mxLookup` is read once
 * @param now milliseconds of a monotonic clock
 */
export function openMxLookup(tables: TableSource, now = () => performance.now()): MxLookup {
  const { mxLookup } = tables.table.settings
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

  const cache = createLookupCache<MailExchangers>(load, {
    settingsOf: partOfTable(tables, ({ settings }) => ({ ...toCache(settings.cache), lookups })),
    lifetimeOf: (answer = none) => ({
      seconds: Math.min(maxSeconds, Math.max(minSeconds, answer.seconds)),
      isNegative: providerOf(tables.table, answer) === undefined
    }),
    now
  })

  return {
    cache,
    lookUp(domain, client) {
      if (!isPublicName(domain)) return undefined
      const answer = cache.find(domain, client)
      // Why no error: today's mail programs also ask by host, which is answered without the DNS.
      const known = answer instanceof Promise ? answer.catch(() => undefined) : answer
      return follow(known, exchangers => exchangers && providerOf(tables.table, exchangers))
    }
  }
}

/**
 * Why all hosts of the best preference must be of one provider: mail goes to any of them (RFC 5321 5.1), so if some belong to
 * others, it is unclear who has the mailbox. Hosts of a lower preference only store mail for a while.
 */
function providerOf({ findMx }: Table, { hosts }: MailExchangers): Provider | undefined {
  const providers = new Set(hosts.map(findMx))
  const [provider] = providers
  return providers.size === 1 ? provider : undefined
}
