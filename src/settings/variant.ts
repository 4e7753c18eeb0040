/**
 * A provider of the table as one customer has it: with host names, names and colours of their own.
 */
import { findFaults } from './check/check.ts'
import { pathText } from './load/finding.ts'
import { findMismatches } from './load/schema-check.ts'
import type { overrideNames } from './overrides.ts'
import { isSocket } from './provider.ts'
import type { BrandSettings, ProviderSettings, ServerSettings } from './schema.ts'

export type Overrides = Readonly<Partial<Record<(typeof overrideNames)[number], string>>>

export type Variant = { readonly settings: Varied } | { readonly problem: string }

type Varied = ProviderSettings & { readonly brand: BrandSettings }

/** @returns the settings with what takes their place, or in words what is wrong with it */
export function toVariant(provider: ProviderSettings, overrides: Overrides): Variant {
  const settings = vary(provider, overrides)
  const value = { providers: [settings] }
  const mismatches = findMismatches(value)
  const faults = mismatches.length > 0 ? mismatches : findFaults(value)
  const [fault] = faults.filter(({ severity }) => severity === 'error')
  return fault === undefined ? { settings } : { problem: `${pathText(fault.path.slice(2))}: ${fault.message}` }
}

function vary(provider: ProviderSettings, overrides: Overrides): Varied {
  const { name, short_name: shortName, website, webmail } = overrides
  const { shortName: own, ...rest } = provider
  return {
    ...rest,
    // Why: the short form of another name, and its logo, would tell people whose customer their provider is.
    ...(name === undefined && own !== undefined && { shortName: own }),
    ...said({ name, shortName, website, webmail }),
    brand: brandOf(provider, overrides),
    servers: distinct(provider.servers.map(server => moved(server, overrides)))
  }
}

function brandOf({ brand = {} }: ProviderSettings, { name, accent, support }: Overrides): BrandSettings {
  const { logo, accentDark, ...rest } = brand
  // Why: accentDark was chosen for another accent.
  const kept = {
    logo: name === undefined ? logo : undefined,
    accentDark: accent === undefined ? accentDark : undefined
  }
  return { ...rest, ...said({ ...kept, accent, support }) }
}

/** @returns what is not undefined */
function said<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as typeof values
}

function moved(server: ServerSettings, overrides: Overrides): ServerSettings {
  const { protocol } = server
  if (!isSocket(protocol)) return server
  const host = overrides[`${protocol}_host`] ?? overrides.host
  return host === undefined ? server : { ...server, host }
}

/** Why: servers that differed by their host only are one after it has been replaced. */
function distinct(servers: readonly ServerSettings[]): ServerSettings[] {
  return [...new Map(servers.map(server => [JSON.stringify(server), server])).values()]
}
