/**
 * Where the settings table comes from.
 */
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
   * @throws AC_UNAVAILABLE as a rejection, where it cannot be known at the moment who serves the domain
   */
  tableFor(domain: string | undefined, host: string | undefined): Table | Promise<Table>
}
