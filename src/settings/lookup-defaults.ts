/**
 * Settings of lookups with all defaults: how long answers of a directory are cached, and how MX records are looked up.
 */
import type { Settings } from './schema.ts'

export type CacheSettings = Required<NonNullable<Settings['cache']>>

export function toCache(settings: Settings['cache']): CacheSettings {
  return {
    seconds: 300,
    // Why: account holders must not notice a database that is down overnight.
    staleSeconds: 86_400,
    negativeSeconds: 60,
    domains: 100_000,
    negativeDomains: 20_000,
    lookups: 200,
    ...settings
  }
}

type MxLookupSettings = NonNullable<Settings['mxLookup']>

/**
 * Why: MX records are looked up only if the settings contain `mxLookup`. Clients decide which names are looked up, and a
 * server without this feature cannot be made to send DNS queries.
 */
export interface MxLookup extends Required<Omit<MxLookupSettings, 'resolvers'>> {
  /** Undefined for the system's resolvers. */
  readonly resolvers: readonly string[] | undefined
}

/** If only one of two dependent limits is set, the default of the other one adapts to it. */
export function toMxLookup({ resolvers, ...set }: MxLookupSettings = {}): MxLookup {
  return {
    timeoutMilliseconds: 2000,
    lookups: 50,
    minSeconds: Math.min(60, set.maxSeconds ?? 60),
    maxSeconds: Math.max(86_400, set.minSeconds ?? 0),
    ...set,
    resolvers
  }
}
