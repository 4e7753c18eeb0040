/**
 * Which provider an entry of a directory means: one of the table, or one of them with something of the customer's own.
 */
import { found } from '../settings/load/finding.ts'
import { type Provider, toProvider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'
import { toVariant } from '../settings/variant.ts'
import type { Entry } from './entry.ts'

export type Meant = { readonly provider: Provider } | { readonly problem: string }

/** @returns the provider, or in words why its domain cannot be served */
export function meantProvider({ providers, settings }: Table, { provider: id, overrides, problem }: Entry): Meant {
  if (problem !== undefined) return { problem }
  const only = providers.length === 1 ? 0 : -1
  const at = id === undefined ? only : providers.findIndex(each => each.id === id)
  const provider = providers[at]
  const written = settings.providers[at]
  if (provider === undefined || written === undefined) {
    const ids = providers.map(each => each.id).join(', ')
    return { problem: `found ${id === undefined ? 'no' : found(id)} as provider, expected one of ${ids}` }
  }
  if (overrides === undefined) return { provider }
  const variant = toVariant(written, overrides)
  if ('problem' in variant) return variant
  const { logo } = variant.settings.brand
  const { looksUpUsers } = provider
  const options = { logo: logo === undefined ? undefined : provider.brand.logo, looksUpUsers }
  return { provider: toProvider(variant.settings, options) }
}
