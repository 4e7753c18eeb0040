/**
 * A Redis that knows one counter for all: enough of its protocol (RESP2) for a client to connect and run a script.
 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import type { Test } from 'tap'
import { readCommand } from '../peers/redis.ts'

export interface RedisStub {
  readonly url: string
  /** What scripts have counted so far, by the name of their key. */
  readonly runs: Map<string, number>
  /** Closes every connection and takes no more. */
  close(): Promise<void>
}

export async function startRedisStub(t: Test, port = 0): Promise<RedisStub> {
  const runs = new Map<string, number>()
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    let text = ''
    socket.on('error', () => undefined)
    socket.on('data', chunk => {
      text += chunk
      for (let command = readCommand(text); command !== undefined; command = readCommand(text)) {
        text = text.slice(command.length)
        socket.write(reply(command.words, runs))
      }
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const close = async () => {
    if (!server.listening) return
    const closed = once(server.close(), 'close')
    for (const socket of sockets) socket.destroy()
    await closed
  }
  t.teardown(close)
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, runs, close }
}

function reply([name = '', , , key = '', weight = '']: readonly string[], runs: Map<string, number>): string {
  if (!name.toLowerCase().startsWith('eval')) return '+OK\r\n'
  const times = (runs.get(key) ?? 0) + Number(weight)
  runs.set(key, times)
  return `*2\r\n:${times}\r\n:1500\r\n`
}
