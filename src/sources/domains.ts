/**
 * Whose domains are served: those of the table, those of a directory, and those whose mail exchangers tell it, in this
 * order.
 */
import type { Customers, CustomersOptions } from './customers.ts'
import type { MxLookUp } from './mx-look-up.ts'
import type { Source } from './source.ts'

export interface Domains {
  /** Knows all of them. */
  readonly source: Source
  /** Knows those of the table and of the directory. */
  readonly listed: Source
  /** Undefined where there is no directory. */
  readonly customers: Customers | undefined
  /** Undefined where nobody is looked up. */
  readonly mxLookUp: MxLookUp | undefined
  /** Has all that was kept asked for again. */
  invalidate(): void
}

/**
 * @param table its directory and its look-ups are read once
 * @throws AC_SETTINGS_INVALID
 */
export async function openDomains(table: Source, options: CustomersOptions): Promise<Domains> {
  const customers = await openCustomersOf(table, options)
  const listed = customers?.source ?? table
  const mxLookUp = await openMxLookUpOf(listed)
  return {
    source: mxLookUp?.source ?? listed,
    listed,
    customers,
    mxLookUp,
    invalidate() {
      customers?.cache.invalidate()
      mxLookUp?.cache.invalidate()
    }
  }
}

/** Why loaded when there is one: most services have all domains in their table. */
async function openCustomersOf(table: Source, options: CustomersOptions): Promise<Customers | undefined> {
  const { directory } = table.table.settings
  if (directory === undefined) return undefined
  const { openCustomers } = await import('./customers.ts')
  return await openCustomers(table, directory, options)
}

async function openMxLookUpOf(listed: Source): Promise<MxLookUp | undefined> {
  if (listed.table.settings.mxLookup === undefined) return undefined
  const { openMxLookUp } = await import('./mx-look-up.ts')
  return openMxLookUp(listed)
}
