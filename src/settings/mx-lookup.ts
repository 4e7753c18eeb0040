/**
 * How domains are looked up in the DNS, with every default filled in.
 *
 * Why only where the settings have the block: strangers decide which names are asked for, and a server that asks nobody
 * cannot be made to ask for them.
 */
import type { Settings } from './schema.ts'

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
