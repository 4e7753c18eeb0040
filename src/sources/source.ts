/**
 * Where the settings table comes from.
 */
import type { Address } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'

export interface Source {
  /** The last good table. */
  readonly table: Table
  /**
   * The table for one question: with customers' domains that are kept elsewhere, as far as the question needs them.
   *
   * Why not always a promise: a request whose domain is known must not wait.
   * @param domain of the address, as A-labels
   * @param host the Host header as sent
   * @param address whose log-in name may have to be looked up
   * @throws AC_UNAVAILABLE as a rejection, where it cannot be known at the moment who serves the domain, or what the log-in name is
   */
  tableFor(domain: string | undefined, host: string | undefined, address?: Address): Table | Promise<Table>
  /** Wants to be told the address. */
  readonly looksUpUsers?: boolean
}
