/**
 * The conformance matrix: what each mail program makes of a provider, held against what the table says.
 */

import { clients } from '../clients/index.ts'
import type { Client, FoundAccount, FoundServer } from '../clients/model/client.ts'
import type { World } from '../clients/model/world.ts'
import { type Account, loginName } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import { expand } from '../settings/placeholder.ts'
import { preferred, type Server } from '../settings/provider.ts'

export interface Row {
  readonly client: Client
  /** `same` as the table says, something else, or no account at all. */
  readonly verdict: 'same' | 'different' | 'nothing'
  /** Of the program: what it takes and what it should, or why it finds nothing; empty where all is well. */
  readonly detail: string
}

/** @param account with an address */
export async function conformanceMatrix(
  account: Account & { readonly address: Address },
  world: World
): Promise<Row[]> {
  return await Promise.all(clients.map(client => row(client, account, world)))
}

async function row(client: Client, account: Account & { readonly address: Address }, world: World): Promise<Row> {
  const { account: found, reason } = await client.discover(account.address.text, world)
  if (found === undefined) return { client, verdict: 'nothing', detail: `finds nothing: ${reason}` }
  const differences = compare(found, account)
  return { client, verdict: differences.length === 0 ? 'same' : 'different', detail: differences.join('; ') }
}

function compare(found: FoundAccount, account: Account & { readonly address: Address }): string[] {
  const { provider } = account
  if (found.incoming.protocol === 'activesync' || found.incoming.protocol === 'jmap') return []
  const incoming = preferred(provider, 'imap') ?? preferred(provider, 'pop3')
  const outgoing = preferred(provider, 'smtp')
  return [
    ...difference(found.incoming, incoming, account),
    ...(found.outgoing === undefined ? [] : difference(found.outgoing, outgoing, account))
  ]
}

function difference(
  found: FoundServer,
  server: Server | undefined,
  account: Account & { readonly address: Address }
): string[] {
  if (server === undefined) return [`takes ${place(found)}, which the table does not have`]
  const wanted = { ...server, host: expand(server.host, { '%EMAILDOMAIN%': account.domain }) }
  const login = loginName(account, account.address)
  const username = found.username ?? account.address.text
  return [
    ...(place(found) === place(wanted) ? [] : [`takes ${place(found)}, expected ${place(wanted)}`]),
    ...(username === login ? [] : [`logs in to ${found.protocol} as ${username}, expected ${login}`])
  ]
}

interface Place {
  readonly protocol: string
  readonly host: string
  readonly port: number
  readonly security: string
}

function place({ protocol, host, port, security }: Place): string {
  return `${protocol} ${host}:${port} ${security}`
}
