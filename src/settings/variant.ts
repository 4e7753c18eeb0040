/**
 * A provider as one customer sees it: with the customer's own host names, names and colours.
 */
import { findFaults } from './check/check.ts'
import { pathText } from './load/finding.ts'
import { findMismatches } from './load/schema-check.ts'
import type { Overrides } from './overrides.ts'
import { isSocket } from './provider.ts'
import type { BrandSettings, ProviderSettings, ServerSettings } from './schema.ts'

export type Variant = { readonly settings: VariantSettings } | { readonly problem: string }

type VariantSettings = ProviderSettings & { readonly brand: BrandSettings }

/** @returns the settings with the overrides applied, or a description of what is wrong with them */
export function toVariant(provider: ProviderSettings, overrides: Overrides): Variant {
  const settings = override(provider, overrides)
  const value = { providers: [settings] }
  const mismatches = findMismatches(value)
  const faults = mismatches.length > 0 ? mismatches : findFaults(value)
  const [fault] = faults.filter(({ severity }) => severity === 'error')
  return fault === undefined ? { settings } : { problem: `${pathText(fault.path.slice(2))}: ${fault.message}` }
}

function override(provider: ProviderSettings, overrides: Overrides): VariantSettings {
  const { name, short_name: shortName, website, webmail } = overrides
  const { shortName: providersShortName, ...rest } = provider
  return {
    ...rest,
    // Why: the short name and the logo of the provider would reveal whose customer this is.
    ...(name === undefined && providersShortName !== undefined && { shortName: providersShortName }),
    ...defined({ name, shortName, website, webmail }),
    brand: brandOf(provider, overrides),
    servers: withoutDuplicates(provider.servers.map(server => withHost(server, overrides)))
  }
}

function brandOf({ brand = {} }: ProviderSettings, { name, accent, support }: Overrides): BrandSettings {
  const { logo, accentDark, ...rest } = brand
  // Why: accentDark was chosen to match another accent colour.
  const kept = {
    logo: name === undefined ? logo : undefined,
    accentDark: accent === undefined ? accentDark : undefined
  }
  return { ...rest, ...defined({ ...kept, accent, support }) }
}

/** @returns the properties that are not undefined */
function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as typeof values
}

function withHost(server: ServerSettings, overrides: Overrides): ServerSettings {
  const { protocol } = server
  if (!isSocket(protocol)) return server
  const host = overrides[`${protocol}_host`] ?? overrides.host
  return host === undefined ? server : { ...server, host }
}

/** Why: servers that differ only by host are duplicates once the host is replaced. */
function withoutDuplicates(servers: readonly ServerSettings[]): ServerSettings[] {
  return [...new Map(servers.map(server => [JSON.stringify(server), server])).values()]
}
