/**
 * The conformance matrix: the settings that each mail program finds for a provider, compared with the table.
 */

import { clients } from '../clients/index.ts'
import type { Client, FoundAccount, FoundServer, Step } from '../clients/model/client.ts'
import type { World } from '../clients/model/world.ts'
import { type AnyServer, serverLoginName } from '../settings/names/login-name.ts'
import { expand } from '../settings/names/placeholder.ts'
import { preferred, type Server, serviceOf } from '../settings/provider.ts'
import type { Account } from '../settings/question/account.ts'
import type { Address } from '../settings/question/address.ts'
import { withExampleNames } from './example-names.ts'

export interface ClientResult {
  readonly client: Client
  /** Whether the settings are the same as in the table, different, or missing. */
  readonly verdict: 'same' | 'different' | 'nothing'
  /** The actual and the expected settings, or why the program finds none; empty if they are the same. */
  readonly detail: string
  /** The settings that the program would use; undefined if it finds none. */
  readonly found: FoundAccount | undefined
  /** All requests and lookups, in order. */
  readonly trace: readonly Step[]
}

/** An account of one person. */
export type Person = Account & { readonly address: Address }

/** Runs the models of all mail programs for one account. */
export async function conformanceMatrix(account: Person, world: World): Promise<ClientResult[]> {
  const person = { ...withExampleNames(account), address: account.address }
  return await Promise.all(clients.map(client => resultOf(client, person, world)))
}

async function resultOf(client: Client, person: Person, world: World): Promise<ClientResult> {
  const { account: found, reason, trace } = await client.discover(person.address.text, world)
  if (found === undefined) return { client, verdict: 'nothing', detail: `finds nothing: ${reason}`, found, trace }
  const differences = compare(found, person)
  const verdict = differences.length === 0 ? 'same' : 'different'
  return { client, verdict, detail: differences.join('; '), found, trace }
}

function compare({ incoming, outgoing }: FoundAccount, person: Person): string[] {
  // Why: the Exchange server is not in the table, and it knows the rest.
  if (incoming.protocol === 'exchange') return []
  if (incoming.protocol === 'activesync' || incoming.protocol === 'jmap') return compareService(incoming, person)
  const wanted = preferred(person.provider, 'imap') ?? preferred(person.provider, 'pop3')
  return [
    ...difference(incoming, wanted && endpointOfServer(wanted, person), person),
    ...(outgoing === undefined ? [] : compareOutgoing(outgoing, person))
  ]
}

function compareOutgoing(outgoing: FoundServer, person: Person): string[] {
  const wanted = preferred(person.provider, 'smtp')
  return difference(outgoing, wanted && endpointOfServer(wanted, person), person)
}

/** Why without the outgoing server: one server does both. */
function compareService(found: FoundServer, person: Person): string[] {
  const { provider, domain } = person
  const protocol = found.protocol === 'jmap' ? 'jmap' : 'activesync'
  const service = serviceOf(provider, protocol)
  if (service === undefined) return difference(found, undefined, person)
  const { hostname, port } = new URL(expand(service.url, { '%EMAILDOMAIN%': domain }))
  const endpoint = { protocol, host: hostname, port: Number(port || 443), security: 'tls' }
  return difference(found, { ...endpoint, server: service }, person)
}

interface Endpoint {
  readonly protocol: string
  readonly host: string
  readonly port: number
  readonly security: string
}

interface Wanted extends Endpoint {
  /** The server of the table, whose rule makes the login name. */
  readonly server: AnyServer & Pick<Server, 'authentication'>
}

function endpointOfServer(server: Server, { domain }: Person): Wanted {
  const { protocol, port, security } = server
  return { protocol, host: expand(server.host, { '%EMAILDOMAIN%': domain }), port, security, server }
}

function difference(found: FoundServer, wanted: Wanted | undefined, person: Person): string[] {
  if (wanted === undefined) return [`takes ${textOf(found)}, which the table does not have`]
  const login = serverLoginName(person, person.address, wanted.server) ?? person.address.text
  const isOpen = wanted.server.authentication.every(method => method === 'none')
  const username = (isOpen ? found.username || undefined : found.username) ?? person.address.text
  return [
    ...(textOf(found) === textOf(wanted) ? [] : [`takes ${textOf(found)}, expected ${textOf(wanted)}`]),
    ...(username === login ? [] : [`logs in to ${found.protocol} as ${username}, expected ${login}`])
  ]
}

function textOf({ protocol, host, port, security }: Endpoint): string {
  return `${protocol} ${host}:${port} ${security}`
}
