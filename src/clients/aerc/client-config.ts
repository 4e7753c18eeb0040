/**
 * clientConfig as aerc's Go structures hold it after Unmarshal (encoding/xml).
 */
import { elements, ownText, type XmlTree } from '../../formats/xml-tree.ts'

export interface ClientConfig {
  readonly incoming: readonly Server[]
  readonly outgoing: Server
}

/** Every field is a Go string: empty where nothing was read. */
export interface Server {
  readonly type: string
  readonly hostname: string
  readonly port: string
  readonly socketType: string
  readonly username: string
}

const noServer: Server = { type: '', hostname: '', port: '', socketType: '', username: '' }

export const emptyConfig: ClientConfig = { incoming: [], outgoing: noServer }

/**
 * Observed: rjarry/aerc fab0531, lib/autoconfig/autoconfig.go: IncomingServer is a slice, which Unmarshal appends to;
 * EmailProvider and OutgoingServer are single structures, into which it writes every element of the name in turn.
 */
export function decodeClientConfig(before: ClientConfig, root: XmlTree): ClientConfig {
  const providers = elements(root, 'emailProvider')
  const incoming = providers.flatMap(provider => elements(provider, 'incomingServer'))
  const outgoing = providers.flatMap(provider => elements(provider, 'outgoingServer'))
  return {
    incoming: [...before.incoming, ...incoming.map(element => decodeServer(noServer, element))],
    outgoing: outgoing.reduce(decodeServer, before.outgoing)
  }
}

function decodeServer(before: Server, element: XmlTree): Server {
  const last = (name: keyof Server) => elements(element, name).map(ownText).at(-1) ?? before[name]
  return {
    type: element.attributes.type ?? before.type,
    hostname: last('hostname'),
    port: last('port'),
    socketType: last('socketType'),
    username: last('username')
  }
}
