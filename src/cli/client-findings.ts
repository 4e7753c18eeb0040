/**
 * Which mail programs a table would hurt, and how: every provider through the model of every program.
 */
import { conformanceMatrix } from '../conformance/matrix.ts'
import { createTableWorld } from '../conformance/table-world.ts'
import { toAddress } from '../settings/address.ts'
import { type Fault, warning } from '../settings/load/finding.ts'
import { exampleDomain } from '../settings/provider.ts'
import { resolve } from '../settings/resolution-order.ts'
import type { Table } from '../settings/table.ts'

/** @returns one warning for each program that does not find what the table says, with what it does and why */
export async function clientFindings(table: Table): Promise<Fault[]> {
  const world = createTableWorld(table)
  const found = table.providers.map(async (provider, index) => {
    const address = toAddress(`jane.doe@${exampleDomain(provider)}`)
    const served = address && resolve(table, { domain: address.domain, host: undefined })
    // Why: another provider may have the example's domain by its name.
    if (address === undefined || served?.provider !== provider) return []
    const rows = await conformanceMatrix({ ...served, address }, world)
    const hurt = rows.filter(({ verdict }) => verdict !== 'same')
    return hurt.map(({ client, detail }) => warning(['providers', index], `${provider.id}: ${client.title} ${detail}`))
  })
  return (await Promise.all(found)).flat()
}
