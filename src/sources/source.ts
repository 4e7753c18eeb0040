/**
 * Where the settings table comes from.
 */
import type { Address } from '../settings/address.ts'
import type { Table } from '../settings/table.ts'

export interface Asker {
  /** Whose log-in name may have to be looked up. */
  readonly address?: Address | undefined
  /**
   * Names of the client and of the networks around it, the smallest first: each may use a share of the lookups that run at
   * the same time. Undefined for a client without limits.
   */
  readonly client?: readonly string[] | undefined
}

export interface Source {
  /** The last good table. */
  readonly table: Table
  /**
   * The table for one question: with customers' domains that are kept elsewhere, as far as the question needs them.
   *
   * Why not always a promise: a request whose domain is known must not wait.
   * @param domain of the address, as A-labels
   * @param host the Host header as sent
   * @param asker who asks, and about which address
   * @throws AC_UNAVAILABLE as a rejection, where it cannot be known at the moment who serves the domain, or what the log-in name is
   */
  tableFor(domain: string | undefined, host: string | undefined, asker?: Asker): Table | Promise<Table>
  /** Wants to be told the address. */
  readonly looksUpUsers?: boolean
}
