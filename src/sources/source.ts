/**
 * Where the settings table comes from.
 */
import type { Table } from '../settings/table.ts'

export interface Source {
  /** The last good table. */
  readonly table: Table
}
