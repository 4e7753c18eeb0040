/**
 * The conformance matrix: the settings that each mail program finds for a provider, compared with the table.
 */

import { clients } from '../clients/index.ts'
import type { Client, FoundAccount, FoundServer } from '../clients/model/client.ts'
import type { World } from '../clients/model/world.ts'
import type { Account } from '../settings/account.ts'
import type { Address } from '../settings/address.ts'
import { serverLoginName } from '../settings/login-name.ts'
import { expand } from '../settings/placeholder.ts'
import { preferred, type Server } from '../settings/provider.ts'

export interface ClientResult {
  readonly client: Client
  /** Whether the settings are the same as in the table, different, or missing. */
  readonly verdict: 'same' | 'different' | 'nothing'
  /** The actual and the expected settings, or why the program finds none; empty if they are the same. */
  readonly detail: string
}

/** Runs the models of all mail programs for one account. */
export async function conformanceMatrix(
  account: Account & { readonly address: Address },
  world: World
): Promise<ClientResult[]> {
  return await Promise.all(clients.map(client => resultOf(client, account, world)))
}

async function resultOf(
  client: Client,
  account: Account & { readonly address: Address },
  world: World
): Promise<ClientResult> {
  const { account: found, reason } = await client.discover(account.address.text, world)
  if (found === undefined) return { client, verdict: 'nothing', detail: `finds nothing: ${reason}` }
  const differences = compare(found, account)
  return { client, verdict: differences.length === 0 ? 'same' : 'different', detail: differences.join('; ') }
}

function compare(found: FoundAccount, account: Account & { readonly address: Address }): string[] {
  const { provider } = account
  if (['activesync', 'exchange', 'jmap'].includes(found.incoming.protocol)) return []
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
  if (server === undefined) return [`takes ${endpoint(found)}, which the table does not have`]
  const wanted = { ...server, host: expand(server.host, { '%EMAILDOMAIN%': account.domain }) }
  const login = serverLoginName(account, account.address, server) ?? account.address.text
  const username = found.username ?? account.address.text
  return [
    ...(endpoint(found) === endpoint(wanted) ? [] : [`takes ${endpoint(found)}, expected ${endpoint(wanted)}`]),
    ...(username === login ? [] : [`logs in to ${found.protocol} as ${username}, expected ${login}`])
  ]
}

interface Endpoint {
  readonly protocol: string
  readonly host: string
  readonly port: number
  readonly security: string
}

function endpoint({ protocol, host, port, security }: Endpoint): string {
  return `${protocol} ${host}:${port} ${security}`
}
