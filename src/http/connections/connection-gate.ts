/**
 * Which connections are accepted. Each one counts from the moment it is accepted until it is closed, for any use:
 * a TLS handshake that never ends holds a descriptor as well as a request does.
 */
import type { Socket } from 'node:net'
import type { CurrentLimits } from '../../settings/limits.ts'
import { type ClientKeys, networkShare } from '../limits/client-keys.ts'
import type { ConnectionCounts } from '../log/tally.ts'

export interface Connection extends Pick<Socket, 'remoteAddress'> {
  once(event: 'close', closed: () => void): unknown
}

export interface ConnectionGate {
  /** How many connections are open. */
  readonly open: number
  /** Counts a connection until it is closed. @returns false: there is no room for it, and it must be closed */
  admit(socket: Connection): boolean
  /**
   * Counts an admitted connection for the client whose address it has now, too.
   * @returns false: that client or its network has too many, and it must be closed
   */
  attribute(socket: Connection): boolean
  /** Counts a connection that node has closed itself, since its server has too many. */
  countDropped(): void
}

/** No client has more than this part of all connections, and no more than this part of its usual share when they run low. */
const part = 8

/** What mail programs need: they ask one thing after the other. */
const fewest = 2

export function createConnectionGate(
  limitsOf: CurrentLimits<'connections' | 'connectionsPerAddress'>,
  keyOf: ClientKeys,
  { connectionCounts = { open: 0, refused: 0 } }: { readonly connectionCounts?: ConnectionCounts | undefined } = {}
): ConnectionGate {
  const counts = new Map<string, number>()

  /** Why less when connections run low: otherwise twenty clients could hold all of them. Now it takes hundreds. */
  function shareOfClient(): number {
    const { connections, connectionsPerAddress } = limitsOf()
    const usual = Math.min(connectionsPerAddress, Math.max(fewest, Math.floor(connections / part)))
    const used = connectionCounts.open / connections
    if (used < 1 / 2) return usual
    return used < 3 / 4 ? Math.min(usual, Math.max(fewest, Math.floor(usual / part))) : Math.min(usual, fewest)
  }

  function namesOf({ remoteAddress }: Connection): readonly string[] {
    return (limitsOf().connectionsPerAddress > 0 && keyOf(remoteAddress)) || []
  }

  function hasShare(names: readonly string[]): boolean {
    const share = shareOfClient()
    return names.every((name, level) => (counts.get(name) ?? 0) < share * networkShare(level))
  }

  function count(names: readonly string[], change: 1 | -1): void {
    for (const name of names) {
      const held = (counts.get(name) ?? 0) + change
      if (held === 0) counts.delete(name)
      else counts.set(name, held)
    }
  }

  function refuse(): false {
    connectionCounts.refused += 1
    return false
  }

  return {
    get open() {
      return connectionCounts.open
    },
    admit(socket) {
      const names = namesOf(socket)
      if (connectionCounts.open >= limitsOf().connections || !hasShare(names)) return refuse()
      connectionCounts.open += 1
      count(names, 1)
      socket.once('close', () => {
        connectionCounts.open -= 1
        count(names, -1)
      })
      return true
    },
    attribute(socket) {
      const names = namesOf(socket)
      if (!hasShare(names)) return refuse()
      count(names, 1)
      socket.once('close', () => count(names, -1))
      return true
    },
    countDropped() {
      connectionCounts.refused += 1
    }
  }
}
