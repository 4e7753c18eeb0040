/**
 * How long answers of a directory are used, with every default filled in.
 */
import type { Settings } from './schema.ts'

export type Cache = Required<NonNullable<Settings['cache']>>

export function toCache(settings: Settings['cache']): Cache {
  return {
    seconds: 300,
    // Why a day: a database that is away overnight must not be noticed by anybody who has an account.
    staleSeconds: 86_400,
    negativeSeconds: 60,
    domains: 100_000,
    negativeDomains: 20_000,
    lookups: 200,
    ...settings
  }
}

//@@ src/settings/mx-lookup.ts
//@@ /**
//@@  * How domains are looked up in the DNS, with every default filled in.
//@@  *
//@@  * Why only where the settings have the block: strangers decide which names are asked for, and a server that asks nobody
//@@  * cannot be made to ask for them.
//@@  */
type MxLookupSettings = NonNullable<Settings['mxLookup']>

export interface MxLookup extends Required<Omit<MxLookupSettings, 'resolvers'>> {
  /** Undefined for those of the system. */
  readonly resolvers: readonly string[] | undefined
}

/** Where of two limits that hold one another only one is set, the other's default gives way. */
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
