/**
 * The connections to one server, all of which are closed in the end.
 */
import type { Socket } from 'node:net'
import type { Network, ServerToProbe } from '../probe.ts'
import { inTime } from './in-time.ts'

export interface Sockets {
  /** Rejects with the error of the network, or with a Trouble where the time is up. */
  readonly open: () => Promise<Socket>
  readonly closeAll: () => void
  /** The network has broken a connection off, since its own time is over. */
  readonly isCut: boolean
}

/** @param signal aborted when the time is up */
export function createSockets({ host, port }: ServerToProbe, network: Network, signal: AbortSignal): Sockets {
  const sockets: Socket[] = []
  let isClosed = false
  let isCut = false

  function keep(socket: Socket): Socket {
    // Why: an error that comes while nobody reads would end the program.
    socket.on('error', error => {
      isCut ||= error.name === 'AbortError'
    })
    sockets.push(socket)
    if (isClosed) socket.destroy()
    return socket
  }

  return {
    open: () => inTime(network.connect(host, port).then(keep), signal),
    closeAll() {
      isClosed = true
      for (const socket of sockets) socket.destroy()
    },
    get isCut() {
      return isCut
    }
  }
}
