/**
 * A table that knows one domain more.
 */
import type { Provider } from '../settings/provider.ts'
import type { Table } from '../settings/table.ts'

/** @param domain as A-labels. Where the table knows it itself, it stays the table's. */
export function withDomain({ find, ...table }: Table, domain: string, provider: Provider): Table {
  return { ...table, find: name => find(name) ?? (name === domain ? provider : undefined) }
}
