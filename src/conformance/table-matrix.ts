/**
 * The conformance matrix of a whole settings table: one example person of each provider.
 */
import type { DavClient, DavServers } from '../clients/dav/dav-client.ts'
import { davClients } from '../clients/dav/index.ts'
import { type NativeScript, typeInNativeScript } from '../clients/model/native-script.ts'
import type { World } from '../clients/model/world.ts'
import { recommendedRecords } from '../dns/recommended-records.ts'
import { exampleDomain, type Provider, serviceOf } from '../settings/provider.ts'
import { toAddress } from '../settings/question/address.ts'
import { toUnicode } from '../settings/question/domain.ts'
import { resolve } from '../settings/question/resolution-order.ts'
import type { Table } from '../settings/table.ts'
import { type ClientResult, conformanceMatrix, type Person } from './matrix.ts'
import { createTableWorld } from './table-world.ts'

/** The URLs at which a program finds DAV servers, without and with the SRV records of `signpost dns`. */
export interface DavResult {
  readonly client: DavClient
  readonly found: DavServers
  readonly withRecords: DavServers
}

export interface ProviderMatrix {
  /** Position of the provider in the table. */
  readonly index: number
  readonly provider: Provider
  /** The address that was typed into every program. */
  readonly address: string
  readonly rows: readonly ClientResult[]
  /** What programs for calendars and contacts find; empty if the provider has neither. */
  readonly davRows: readonly DavResult[]
  /** What programs do with a domain that is typed in its own script; undefined if all domains are in ASCII. */
  readonly nativeScript: NativeScript | undefined
}

/** @returns the providers without those whose example domain another provider lists explicitly */
export async function tableMatrix(table: Table): Promise<ProviderMatrix[]> {
  const matrices = table.providers.map(async (provider, index) => {
    const person = examplePerson(table, provider, exampleDomain(provider))
    if (person === undefined) return []
    const world = createTableWorld(table)
    const rows = await conformanceMatrix(person, world)
    const nativeScript = await findNativeScript(table, provider, world)
    const davRows = await davMatrix(table, person)
    return [{ index, provider, address: person.address.text, rows, davRows, nativeScript }]
  })
  return (await Promise.all(matrices)).flat()
}

async function davMatrix(table: Table, person: Person): Promise<DavResult[]> {
  const { provider, address } = person
  if (serviceOf(provider, 'caldav') === undefined && serviceOf(provider, 'carddav') === undefined) return []
  const records = recommendedRecords(person, { target: 'signpost.example', paccDigest: undefined })
  return await Promise.all(
    davClients.map(async client => {
      const { trace: _, ...found } = await client.discover(address.text, createTableWorld(table))
      const { trace: _more, ...withRecords } = await client.discover(address.text, createTableWorld(table, { records }))
      return { client, found, withRecords }
    })
  )
}

/** Why one domain: the others of a provider have the same settings. */
async function findNativeScript(table: Table, provider: Provider, world: World): Promise<NativeScript | undefined> {
  const domain = [...provider.domains.filter(each => !each.startsWith('*')), exampleDomain(provider)].find(
    each => toUnicode(each) !== each
  )
  const person = domain === undefined ? undefined : examplePerson(table, provider, domain)
  if (person === undefined) return undefined
  return await typeInNativeScript(person.address, await conformanceMatrix(person, world), world)
}

function examplePerson(table: Table, provider: Provider, domain: string): Person | undefined {
  const address = toAddress(`jane.doe@${domain}`)
  const served = address && resolve(table, { domain: address.domain, host: undefined })
  return address === undefined || served?.provider !== provider ? undefined : { ...served, address }
}
