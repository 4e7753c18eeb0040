/**
 * What an importer makes of a foreign source: providers in parts, each with the place that it comes from, and what the
 * table has no words for. Not yet checked: `settle.ts` does that.
 */
import type { ProviderSettings, ServerSettings } from '../settings/schema.ts'

export interface Imported {
  readonly providers: readonly ImportedProvider[]
  readonly dropped: readonly Dropped[]
}

export interface ImportedProvider {
  readonly origin: Origin
  /** What to call it; made a proper and unique id later. */
  readonly id: string
  readonly name?: Part<string> | undefined
  readonly shortName?: Part<string> | undefined
  readonly domains: readonly Part<string>[]
  readonly mx?: readonly Part<string>[]
  readonly servers: readonly ImportedServer[]
  readonly documentation?: readonly Part<Documentation>[]
  readonly webmail?: Part<string> | undefined
  readonly oauth?: Part<Oauth> | undefined
  /** Elements of autoconfig that the source had beyond mail servers. */
  readonly include?: readonly Extra[]
  /** What a reader of the table should know about it. */
  readonly notes?: readonly string[]
}

export interface ImportedServer extends Part<ServerSettings> {
  /** A rule with placeholders; undefined where the source says nothing. */
  readonly username: string | undefined
}

export type Documentation = NonNullable<ProviderSettings['documentation']>[number]
export type Oauth = NonNullable<ProviderSettings['oauth']>
export type Extra = NonNullable<ProviderSettings['autoconfig']>['include'][number]

export interface Part<Value> {
  readonly value: Value
  readonly origin: Origin
  /** What a reader of the table should know about it. */
  readonly note?: string | undefined
}

export interface Origin {
  /** A file, a URL, a name in the DNS. */
  readonly source: string
  /** From 1; both or none. */
  readonly line?: number
  readonly column?: number
}

export interface Dropped {
  readonly origin: Origin
  /** Such as `emailProvider/enable`. */
  readonly what: string
  readonly why: string
}
