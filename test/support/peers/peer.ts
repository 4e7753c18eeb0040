/**
 * A server whose messages a test can replace.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** The server side of a protocol for one connection, without faults. */
export interface Conversation {
  /** Messages before the first request. */
  readonly greeting: readonly Buffer[]
  /** @returns the response, message by message */
  answer(bytes: Buffer): readonly Buffer[]
}

/** @param number of the message on its connection, from 0. @returns the replacement */
export type Change = (message: Buffer, number: number, socket: Socket) => Buffer | undefined

export interface Peer {
  readonly port: number
  /** Changes the messages from now on. */
  change: Change
  /** Number of connections so far. */
  readonly accepted: number
  /** Ends all connections. */
  cut(): void
  close(): Promise<void>
}

const unchanged: Change = message => message

export async function startPeer(converse: () => Conversation): Promise<Peer> {
  const sockets = new Set<Socket>()
  let accepted = 0
  const server = createServer(socket => {
    accepted += 1
    sockets.add(socket)
    const { greeting, answer } = converse()
    let number = 0
    const send = (messages: readonly Buffer[]) => {
      for (const message of messages) {
        const changed = peer.change(message, number++, socket)
        if (changed !== undefined && socket.writable) socket.write(changed)
      }
    }
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    socket.on('data', bytes => send(answer(bytes)))
    send(greeting)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const peer = {
    port,
    change: unchanged,
    get accepted() {
      return accepted
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      const closed = once(server.close(), 'close')
      peer.cut()
      await closed
    }
  }
  return peer
}
