/**
 * What the model of a mail program has found, as a provider of the table.
 */
import type { FoundAccount, FoundServer } from '../../clients/model/client.ts'
import type { Address } from '../../settings/address.ts'
import type { ServerSettings } from '../../settings/schema.ts'
import type { ImportedProvider, ImportedServer } from '../imported.ts'
import { usernameRule } from '../username-rule.ts'

/** @param address whose account it is */
export function importAccount({ incoming, outgoing, from }: FoundAccount, address: Address): ImportedProvider {
  const origin = { source: from.replace(/\?.*/, '') }
  const toServer = (server: FoundServer): ImportedServer[] => {
    const { protocol, host, port, security, username } = server
    if (protocol === 'jmap' || protocol === 'activesync') return []
    const value: ServerSettings = {
      protocol,
      host,
      port,
      security,
      ...(security === 'none' && { allowPlaintext: true })
    }
    return [{ value, origin, username: username && usernameRule(username, address) }]
  }
  return {
    origin,
    id: address.domain,
    domains: [{ value: address.domain, origin }],
    servers: [incoming, ...(outgoing === undefined ? [] : [outgoing])].flatMap(toServer)
  }
}
