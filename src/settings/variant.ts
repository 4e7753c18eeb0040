/**
 * A provider as one customer sees it: with the customer's own host names, names and colours.
 */
import { findFaults } from './check/check.ts'
import { type Fault, pathText } from './load/finding.ts'
import { findMismatches } from './load/schema-check.ts'
import type { Overrides } from './overrides.ts'
import { isSocket } from './provider.ts'
import type { BrandSettings, ProviderSettings, ServerSettings } from './schema.ts'

export type Variant =
  | {
      readonly settings: VariantSettings
      /** What is wrong with values that are not used. */
      readonly ignored: readonly string[]
    }
  | { readonly problem: string }

type VariantSettings = ProviderSettings & { readonly brand: BrandSettings }

/** How an account is shown, by the path of each value in the settings. Mail works without them. */
const cosmetic: Readonly<Record<string, keyof Overrides>> = {
  name: 'name',
  shortName: 'short_name',
  website: 'website',
  webmail: 'webmail',
  'brand.accent': 'accent',
  'brand.support': 'support'
}

/**
 * Why cosmetic values are ignored if they are invalid: a colour must not keep a customer from setting up mail.
 * @returns the settings with the overrides applied, or a description of what is wrong with them
 */
export function toVariant(provider: ProviderSettings, overrides: Overrides): Variant {
  const settings = override(provider, overrides)
  const fault = firstError(settings)
  if (fault === undefined) return { settings, ignored: [] }
  const path = pathText(fault.path.slice(2))
  const problem = `${path}: ${fault.message}`
  const column = cosmetic[path]
  if (column === undefined || overrides[column] === undefined) return { problem }
  const { [column]: _, ...others } = overrides
  const variant = toVariant(provider, others)
  return 'problem' in variant ? variant : { ...variant, ignored: [problem, ...variant.ignored] }
}

function firstError(settings: VariantSettings): Fault | undefined {
  const value = { providers: [settings] }
  const mismatches = findMismatches(value)
  const faults = mismatches.length > 0 ? mismatches : findFaults(value)
  return faults.find(({ severity }) => severity === 'error')
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
