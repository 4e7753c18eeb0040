/**
 * A server of a protocol that says what a test wants, in place of what a real one would.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

/** One connection's side of a protocol, as a well-behaved server speaks it. */
export interface Conversation {
  /** Messages that come before the first question. */
  readonly greeting: readonly Buffer[]
  /** @returns the messages that answer what came, one by one */
  answer(bytes: Buffer): readonly Buffer[]
}

/** @param number of the message on its connection, from 0. @returns what is sent in its place */
export type Change = (message: Buffer, number: number, socket: Socket) => Buffer | undefined

export interface Peer {
  readonly port: number
  /** Changes what is sent from now on. */
  change: Change
  /** Connections so far. */
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
