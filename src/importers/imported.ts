/**
 * What an importer reads from a foreign source: providers whose values remember their position in the source, and what a
 * settings table cannot express. `to-settings.ts` checks the values.
 */
import { printable } from '../settings/load/finding.ts'
import type { ProviderSettings, ServerSettings } from '../settings/schema.ts'

export interface Imported {
  readonly providers: readonly ImportedProvider[]
  readonly dropped: readonly Dropped[]
}

export interface ImportedProvider {
  readonly origin: Origin
  /** The name in the source, which becomes a valid and unique id later. */
  readonly id: string
  readonly name?: Part<string> | undefined
  readonly shortName?: Part<string> | undefined
  readonly domains: readonly Part<string>[]
  /** A comment, if the source does not say the domain. */
  readonly domainGuess?: string | undefined
  readonly mx?: readonly Part<string>[]
  readonly servers: readonly ImportedServer[]
  readonly documentation?: readonly Part<Documentation>[]
  readonly webmail?: Part<string> | undefined
  readonly oauth?: Part<Oauth> | undefined
  readonly apple?: ProviderSettings['apple']
  readonly autodiscover?: Part<Autodiscover> | undefined
  /** Elements of autoconfig that the source has besides mail servers. */
  readonly include?: readonly Extra[]
  /** Comments for readers of the table. */
  readonly notes?: readonly string[]
}

export interface ImportedServer extends Part<ServerSettings> {
  /** A pattern with placeholders, or `none`; undefined if the source says nothing about user names. */
  readonly username: string | undefined
}

export type Documentation = NonNullable<ProviderSettings['documentation']>[number]
export type Oauth = NonNullable<ProviderSettings['oauth']>
export type Autodiscover = NonNullable<ProviderSettings['autodiscover']>
export type Extra = NonNullable<ProviderSettings['autoconfig']>['include'][number]

/** A value from the source. */
export interface Part<Value> {
  readonly value: Value
  readonly origin: Origin
  /** A comment for readers of the table. */
  readonly note?: string | undefined
}

export interface Origin {
  /** A file, a URL or a name in the DNS. */
  readonly source: string
  /** Line and column start at 1. Either both are known or neither. */
  readonly line?: number
  readonly column?: number
}

/** Something that is not imported. */
export interface Dropped {
  readonly origin: Origin
  /** Such as `emailProvider/enable`. */
  readonly what: string
  readonly why: string
}

/** @returns one line: `config.xml:12:5 emailProvider/enable: not imported: …` */
export function describeDropped({ origin, what, why }: Dropped): string {
  return printable(`${describeOrigin(origin)} ${what}: not imported: ${why}`)
}

/** @returns `config.xml:12:5`, or only the source if the position is unknown */
export function describeOrigin({ source, line, column }: Origin): string {
  return line === undefined ? source : `${source}:${line}:${column}`
}
