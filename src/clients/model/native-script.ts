/**
 * Programs that fail if a person types an internationalised domain in its own script, `bücher.example`, instead of
 * `xn--bcher-kva.example`: RFC 5890 2.3.2.1.
 */
import { type Address, toUnicodeAddress } from '../../settings/question/address.ts'
import type { Client, Discovery, FoundAccount } from './client.ts'
import type { World } from './world.ts'

export interface NativeScript {
  /** The address with its domain in ASCII. */
  readonly ascii: string
  /** The address with its domain in its own script. */
  readonly typed: string
  /** Programs that find settings only if the domain is typed in ASCII. */
  readonly lost: readonly Client[]
  /** Programs that log in with the domain as it was typed. */
  readonly logsInAsTyped: readonly Client[]
}

/** A program and what it finds for the address in ASCII. */
export interface Searched {
  readonly client: Client
  readonly found: FoundAccount | undefined
}

/**
 * Runs the models again with the domain in its own script.
 * @returns undefined if the domain has no other form
 */
export async function typeInNativeScript(
  address: Pick<Address, 'localPart' | 'domain' | 'text'>,
  searched: readonly Searched[],
  world: World
): Promise<NativeScript | undefined> {
  const { text: typed } = toUnicodeAddress(address)
  if (typed === address.text) return undefined
  const rows = await Promise.all(
    searched
      .filter(({ found }) => found !== undefined)
      .map(async ({ client }) => ({ client, again: await client.discover(typed, world) }))
  )
  return {
    ascii: address.text,
    typed,
    lost: rows.filter(({ again }) => again.account === undefined).map(({ client }) => client),
    logsInAsTyped: rows.filter(({ again }) => logsInAs(typed, again)).map(({ client }) => client)
  }
}

/** Why a missing name counts: the program then uses the address as typed. */
function logsInAs(typed: string, { account }: Discovery): boolean {
  const domain = typed.slice(typed.lastIndexOf('@'))
  const servers = [account?.incoming, account?.outgoing].filter(server => server !== undefined)
  return servers.some(({ username = typed }) => username.endsWith(domain))
}
